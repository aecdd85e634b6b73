/** Filters and paging of `findScenes`. */
export const FIND_SDL = /* GraphQL */ `
  enum SortDirectionEnum {
    ASC
    DESC
  }

  input FindFilterType {
    page: Int
    per_page: Int
    sort: String
    direction: SortDirectionEnum
  }

  enum CriterionModifier {
    EQUALS
    NOT_EQUALS
    GREATER_THAN
    LESS_THAN
    IS_NULL
    NOT_NULL
    INCLUDES_ALL
    INCLUDES
    EXCLUDES
    MATCHES_REGEX
    NOT_MATCHES_REGEX
    BETWEEN
    NOT_BETWEEN
  }

  input StringCriterionInput {
    value: String!
    modifier: CriterionModifier!
  }

  input IntCriterionInput {
    value: Int!
    value2: Int
    modifier: CriterionModifier!
  }

  input DateCriterionInput {
    value: String!
    value2: String
    modifier: CriterionModifier!
  }

  input TimestampCriterionInput {
    value: String!
    value2: String
    modifier: CriterionModifier!
  }

  input MultiCriterionInput {
    value: [ID!]
    modifier: CriterionModifier!
  }

  input HierarchicalMultiCriterionInput {
    value: [ID!]
    modifier: CriterionModifier!
    depth: Int
    excludes: [ID!]
  }

  input TagFilterType {
    name: StringCriterionInput
    parents: HierarchicalMultiCriterionInput
  }

  input StudioFilterType {
    name: StringCriterionInput
    parents: MultiCriterionInput
  }

  input StashIDCriterionInput {
    endpoint: String
    stash_id: String
    modifier: CriterionModifier!
  }

  input FileFilterType {
    path: StringCriterionInput
    mod_time: TimestampCriterionInput
    created_at: TimestampCriterionInput
    updated_at: TimestampCriterionInput
  }

  input SceneFilterType {
    AND: SceneFilterType
    OR: SceneFilterType
    NOT: SceneFilterType
    id: IntCriterionInput
    title: StringCriterionInput
    path: StringCriterionInput
    date: DateCriterionInput
    rating100: IntCriterionInput
    file_count: IntCriterionInput
    organized: Boolean
    is_missing: String
    studios: MultiCriterionInput
    tags: MultiCriterionInput
    performers: MultiCriterionInput
    stash_id_endpoint: StashIDCriterionInput
    files_filter: FileFilterType
    created_at: TimestampCriterionInput
    updated_at: TimestampCriterionInput
  }

  type FindTagsResultType {
    count: Int!
    tags: [Tag!]!
  }

  type FindStudiosResultType {
    count: Int!
    studios: [Studio!]!
  }

  type FindScenesResultType {
    count: Int!
    duration: Float!
    filesize: Float!
    scenes: [Scene!]!
  }
`;
