/** Scene and what hangs on it: the members of section 10, with the nullability that Stash gives them. */
export const SCENE_SDL = /* GraphQL */ `
  scalar Time
  scalar Int64

  type Scene {
    id: ID!
    title: String
    code: String
    details: String
    director: String
    url: String @deprecated(reason: "Use urls")
    urls: [String!]!
    date: String
    rating100: Int
    organized: Boolean!
    o_counter: Int
    interactive: Boolean!
    created_at: Time!
    updated_at: Time!
    last_played_at: Time
    resume_time: Float
    play_duration: Float
    play_count: Int
    captions: [VideoCaption!]
    files: [VideoFile!]!
    paths: ScenePathsType!
    scene_markers: [SceneMarker!]!
    galleries: [Gallery!]!
    studio: Studio
    groups: [SceneGroup!]!
    tags: [Tag!]!
    performers: [Performer!]!
    stash_ids: [StashID!]!
  }

  type ScenePathsType {
    screenshot: String
    preview: String
    stream: String
    webp: String
    vtt: String
    sprite: String
    funscript: String
    interactive_heatmap: String
    caption: String
  }

  type VideoFile {
    id: ID!
    path: String!
    basename: String!
    size: Int64!
    mod_time: Time!
    created_at: Time!
    updated_at: Time!
    format: String!
    width: Int!
    height: Int!
    duration: Float!
    video_codec: String!
    audio_codec: String!
    frame_rate: Float!
    bit_rate: Int!
    fingerprint(type: String!): String
    fingerprints: [Fingerprint!]!
    zip_file: BasicFile
  }

  type BasicFile {
    id: ID!
    path: String!
  }

  type Fingerprint {
    type: String!
    value: String!
  }

  type VideoCaption {
    language_code: String!
    caption_type: String!
  }

  type SceneMarker {
    id: ID!
    title: String!
    seconds: Float!
  }

  type Gallery {
    id: ID!
    title: String
  }

  type Studio {
    id: ID!
    name: String!
    parent_studio: Studio
  }

  type Tag {
    id: ID!
    name: String!
    parents: [Tag!]!
  }

  type Performer {
    id: ID!
    name: String!
    tags: [Tag!]!
  }

  type Group {
    id: ID!
    name: String!
  }

  type SceneGroup {
    group: Group!
    scene_index: Int
  }

  type StashID {
    endpoint: String!
    stash_id: String!
    updated_at: Time!
  }
`;
