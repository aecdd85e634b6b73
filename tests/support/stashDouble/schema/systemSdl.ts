/** Configuration, jobs, system, and the roots. */
export const SYSTEM_SDL = /* GraphQL */ `
  scalar Any
  scalar Map
  scalar PluginConfigMap

  type ConfigGeneralResult {
    apiKey: String!
    maxSessionAge: Int!
  }

  type ConfigResult {
    general: ConfigGeneralResult!
    plugins(include: [ID!]): PluginConfigMap!
  }

  enum JobStatus {
    READY
    RUNNING
    STOPPING
    FINISHED
    CANCELLED
    FAILED
  }

  type Job {
    id: ID!
    status: JobStatus!
    subTasks: [String!]
    description: String!
    progress: Float
    startTime: Time
    endTime: Time
    addTime: Time!
    error: String
  }

  input FindJobInput {
    id: ID!
  }

  enum PluginSettingTypeEnum {
    STRING
    NUMBER
    BOOLEAN
  }

  type PluginSetting {
    name: String!
    display_name: String
    description: String
    type: PluginSettingTypeEnum!
  }

  type PluginPaths {
    javascript: [String!]
    css: [String!]
  }

  type Plugin {
    id: ID!
    name: String!
    description: String
    version: String
    enabled: Boolean!
    settings: [PluginSetting!]
    requires: [ID!]
    paths: PluginPaths!
  }

  type Version {
    version: String
    hash: String!
    build_time: String!
  }

  enum SystemStatusEnum {
    SETUP
    NEEDS_MIGRATION
    OK
  }

  type SystemStatus {
    databaseSchema: Int
    databasePath: String
    configPath: String
    appSchema: Int!
    status: SystemStatusEnum!
  }

  type Query {
    findScene(id: ID, checksum: String): Scene
    findScenes(
      scene_filter: SceneFilterType
      scene_ids: [Int!] @deprecated(reason: "use ids")
      ids: [ID!]
      filter: FindFilterType
    ): FindScenesResultType!
    findTag(id: ID!): Tag
    findTags(tag_filter: TagFilterType, filter: FindFilterType, ids: [ID!]): FindTagsResultType!
    findStudio(id: ID!): Studio
    findStudios(studio_filter: StudioFilterType, filter: FindFilterType, ids: [ID!]): FindStudiosResultType!
    configuration: ConfigResult!
    jobQueue: [Job!]
    findJob(input: FindJobInput!): Job
    version: Version!
    systemStatus: SystemStatus!
    plugins: [Plugin!]
  }

  type Mutation {
    sceneCreate(input: SceneCreateInput!): Scene
    sceneUpdate(input: SceneUpdateInput!): Scene
    scenesUpdate(input: [SceneUpdateInput!]!): [Scene]
    bulkSceneUpdate(input: BulkSceneUpdateInput!): [Scene!]
    sceneDestroy(input: SceneDestroyInput!): Boolean!
    scenesDestroy(input: ScenesDestroyInput!): Boolean!
    configurePlugin(plugin_id: ID!, input: Map!): Map!
    runPluginTask(plugin_id: ID!, task_name: String, description: String, args_map: Map): ID!
    runPluginOperation(plugin_id: ID!, args: Map): Any
    stopJob(job_id: ID!): Boolean!
    stopAllJobs: Boolean!
  }
`;
