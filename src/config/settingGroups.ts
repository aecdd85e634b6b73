import type { OptionalSettings } from './settingsTable.ts';

/** How a person thinks of settings. */
export type SettingGroup = 'connection' | 'synced' | 'scenes' | 'when' | 'notify' | 'expert';

/** Where each setting stands in a form, and in which order. */
export const SETTING_GROUPS: Readonly<
  Record<keyof OptionalSettings | 'plex_url' | 'plex_token', SettingGroup>
> = {
  plex_url: 'connection',
  plex_token: 'connection',
  plex_library: 'connection',
  path_map: 'connection',
  plex_accept_any_certificate: 'connection',
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
  sync_tagline: 'synced',
  preserve_plex_edits: 'synced',
  max_tags: 'synced',
  strict_matching: 'scenes',
  skip_not_found: 'scenes',
  trigger_plex_scan: 'scenes',
  enabled: 'when',
  reconcile_interval: 'when',
  reconcile_scope: 'when',
  reconcile_missing: 'when',
  reconcile_batch_size: 'expert',
  max_retries: 'expert',
  dlq_retention_days: 'expert',
  poll_interval: 'expert',
  connect_timeout: 'expert',
  read_timeout: 'expert',
  debug_logging: 'expert',
  obfuscate_paths: 'expert',
};
