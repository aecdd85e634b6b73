import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../src/config/settings.ts';
import { settingsNotes } from '../../src/takeover/settingsNotes.ts';

describe('settingsNotes', () => {
  it('says of each setting that means something else here what it does now', () => {
    const notes = settingsNotes({
      plex_url: 'http://plex:32400',
      max_retries: 20,
      poll_interval: 30,
      connect_timeout: 10,
      read_timeout: 60,
      trigger_plex_scan: true,
      preserve_plex_edits: true,
      reconcile_interval: 'daily',
      reconcile_scope: 'all',
      plex_unmatched_path_map: '/a=>/b',
      strict_matching: false,
      max_tags: 50,
    });
    expect(notes).toHaveLength(9);
    expect(notes[1]).toBe(
      'Setting poll_interval (30) is now how often the waiting background process looks for new work; it was a pause ' +
        'while Plex was away.',
    );
  });

  it('says nothing of defaults, blanks and fields that were emptied', () => {
    const stored = {
      max_retries: 5,
      poll_interval: '1',
      connect_timeout: 0,
      read_timeout: null,
      trigger_plex_scan: false,
      reconcile_interval: 'never',
      reconcile_scope: ' ',
      plex_unmatched_path_map: '',
    };
    expect(settingsNotes(stored)).toEqual([]);
  });

  it('takes every value that the Python plugin accepted as it is (W39, W-66)', () => {
    const stored = {
      plex_url: 'http://plex:32400/',
      plex_token: 'a'.repeat(20),
      plex_library: 'Films, Clips',
      max_retries: 20,
      poll_interval: 0.1,
      strict_mode: true,
      plex_connect_timeout: 30,
      plex_read_timeout: 5,
      dlq_retention_days: 365,
      reconcile_interval: 'Hourly',
      reconcile_scope: '7DAYS',
      reconcile_batch_size: 1000,
      max_tags: 10,
      sync_tags: 'off',
      plex_unmatched_path_map: '/media/=>/data/',
    };
    const { settings, warnings } = parseSettings(stored, {});
    expect(warnings).toEqual([]);
    expect(settings).toMatchObject({
      max_retries: 20,
      poll_interval: 0.1,
      connect_timeout: 30,
      read_timeout: 5,
      dlq_retention_days: 365,
      reconcile_interval: 'hourly',
      reconcile_scope: '7days',
      max_tags: 10,
      sync_tags: false,
      path_map: [{ plex: '/media', stash: '/data' }],
    });
  });
});
