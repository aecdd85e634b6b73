/** Inputs of the scene mutations; the order of `SceneUpdateInput` is that of sample 3b. */
export const MUTATION_SDL = /* GraphQL */ `
  enum BulkUpdateIdMode {
    SET
    ADD
    REMOVE
  }

  input BulkUpdateIds {
    ids: [ID!]
    mode: BulkUpdateIdMode!
  }

  input BulkUpdateStrings {
    values: [String!]
    mode: BulkUpdateIdMode!
  }

  input SceneGroupInput {
    group_id: ID!
    scene_index: Int
  }

  input SceneMovieInput {
    movie_id: ID!
    scene_index: Int
  }

  input StashIDInput {
    endpoint: String!
    stash_id: String!
    updated_at: Time
  }

  input SceneCreateInput {
    title: String
    code: String
    details: String
    director: String
    urls: [String!]
    date: String
    rating100: Int
    organized: Boolean
    studio_id: ID
    performer_ids: [ID!]
    groups: [SceneGroupInput!]
    tag_ids: [ID!]
    cover_image: String
    stash_ids: [StashIDInput!]
    file_ids: [ID!]
  }

  input SceneUpdateInput {
    clientMutationId: String
    id: ID!
    title: String
    code: String
    details: String
    director: String
    url: String
    urls: [String!]
    date: String
    rating100: Int
    o_counter: Int
    organized: Boolean
    studio_id: ID
    gallery_ids: [ID!]
    performer_ids: [ID!]
    movies: [SceneMovieInput!]
    groups: [SceneGroupInput!]
    tag_ids: [ID!]
    cover_image: String
    stash_ids: [StashIDInput!]
    resume_time: Float
    play_duration: Float
    play_count: Int
    primary_file_id: ID
  }

  input BulkSceneUpdateInput {
    clientMutationId: String
    ids: [ID!]
    title: String
    code: String
    details: String
    director: String
    url: String
    urls: BulkUpdateStrings
    date: String
    rating100: Int
    organized: Boolean
    studio_id: ID
    gallery_ids: BulkUpdateIds
    performer_ids: BulkUpdateIds
    tag_ids: BulkUpdateIds
    group_ids: BulkUpdateIds
  }

  input SceneDestroyInput {
    id: ID!
    delete_file: Boolean
    delete_generated: Boolean
  }

  input ScenesDestroyInput {
    ids: [ID!]!
    delete_file: Boolean
    delete_generated: Boolean
  }
`;
