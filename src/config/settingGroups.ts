import type { OptionalSettings } from './settingsTable.ts';

/** How a person thinks of settings. */
export type SettingGroup =
  | 'connection'
  | 'synced'
  | 'fields'
  | 'scenes'
  | 'matching'
  | 'when'
  | 'notify'
  | 'expert';

/** Where each setting stands in a form, and in which order. */
export const SETTING_GROUPS: Readonly<
  Record<keyof OptionalSettings | 'plex_url' | 'plex_token', SettingGroup>
> = {
  plex_url: 'connection',
  plex_token: 'connection',
  plex_accept_any_certificate: 'connection',
  plex_library: 'connection',
  path_map: 'connection',
  sync_master: 'synced',
  sync_studio: 'synced',
  sync_summary: 'synced',
  sync_date: 'synced',
  sync_performers: 'synced',
  sync_tags: 'synced',
  sync_collection: 'synced',
  sync_poster: 'synced',
  sync_background: 'synced',
  sync_rating: 'synced',
  preserve_plex_edits: 'synced',
  sync_tagline: 'synced',
  title_template: 'fields',
  sort_title_template: 'fields',
  ignore_tags: 'fields',
  max_tags: 'fields',
  sync_performer_tags: 'fields',
  sync_labels: 'fields',
  label_prefix: 'fields',
  sync_groups: 'fields',
  group_prefix: 'fields',
  sync_studio_chain: 'fields',
  sync_director: 'fields',
  sync_code: 'fields',
  content_rating: 'fields',
  gate_organized: 'scenes',
  gate_min_rating: 'scenes',
  gate_stash_id: 'scenes',
  gate_include_tags: 'scenes',
  gate_exclude_tags: 'scenes',
  gate_include_studios: 'scenes',
  gate_exclude_studios: 'scenes',
  gate_include_paths: 'scenes',
  gate_exclude_paths: 'scenes',
  enabled: 'when',
  reconcile_interval: 'when',
  reconcile_scope: 'when',
  reconcile_missing: 'when',
  notify_url: 'notify',
  notify_events: 'notify',
  notify_gaps_over: 'notify',
  strict_matching: 'matching',
  skip_not_found: 'matching',
  trigger_plex_scan: 'matching',
  max_retries: 'expert',
  dlq_retention_days: 'expert',
  undo_retention_days: 'expert',
  connect_timeout: 'expert',
  read_timeout: 'expert',
  poll_interval: 'expert',
  reconcile_batch_size: 'expert',
  debug_logging: 'expert',
  obfuscate_paths: 'expert',
};
