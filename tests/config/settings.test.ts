import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSettings, SettingsError } from '../../src/config/settings.ts';
import { SETTINGS } from '../../src/config/settingsTable.ts';

const REQUIRED = { plex_url: 'http://127.0.0.1:32400', plex_token: 'abcdefghij0123456789' };

function parse(stored: Record<string, unknown>) {
  return parseSettings({ ...REQUIRED, ...stored }, {});
}

const DEFAULTS = {
  plex_library: '',
  enabled: true,
  max_retries: 5,
  poll_interval: 1,
  connect_timeout: 5,
  read_timeout: 30,
  plex_accept_any_certificate: false,
  dlq_retention_days: 30,
  strict_matching: true,
  preserve_plex_edits: false,
  sync_master: true,
  sync_studio: true,
  sync_summary: true,
  sync_tagline: true,
  sync_date: true,
  sync_performers: true,
  sync_tags: true,
  sync_poster: true,
  sync_background: true,
  sync_collection: true,
  sync_rating: false,
  sync_performer_tags: false,
  ignore_tags: [],
  sync_labels: false,
  label_prefix: '',
  sync_groups: false,
  group_prefix: '',
  sync_studio_chain: false,
  sync_director: false,
  sync_code: false,
  content_rating: '',
  title_template: '',
  sort_title_template: '',
  trigger_plex_scan: false,
  skip_not_found: false,
  max_tags: 100,
  debug_logging: false,
  obfuscate_paths: false,
  reconcile_interval: 'never',
  reconcile_scope: '24h',
  reconcile_missing: true,
  reconcile_batch_size: 100,
  path_map: [],
  notify_url: [],
  notify_events: [],
  notify_gaps_over: 100,
  gate_organized: false,
  gate_stash_id: [],
  gate_include_tags: [],
  gate_exclude_tags: [],
  gate_include_studios: [],
  gate_exclude_studios: [],
  gate_include_paths: [],
  gate_exclude_paths: [],
  gate_min_rating: 0,
  undo_retention_days: 90,
};

describe('parseSettings: the server', () => {
  it('gives every default when only address and token are stored (18.17)', () => {
    expect(parse({})).toEqual({ settings: { ...REQUIRED, plex_login: '', ...DEFAULTS }, warnings: [] });
  });

  it.each([
    ['http://plex:32400/', 'http://plex:32400'],
    [' http://plex:32400/// ', 'http://plex:32400'],
    ['HTTPS://plex.example/base/', 'https://plex.example/base'],
    ['http://[::1]:32400', 'http://[::1]:32400'],
  ])('reads the address %j as %s (18.17)', (plexUrl, expected) => {
    expect(parse({ plex_url: plexUrl }).settings.plex_url).toBe(expected);
  });

  it.each([
    'ftp://plex',
    'file:///plex',
    'plex',
    'plex.example',
    'http://',
    'https://:1',
    'http://my server:32400',
    'http://user:pa#ss@plex:32400',
    'https://app.plex.tv/desktop/#!/media/abc',
    'plex.tv:443',
    7,
  ])('refuses the address %j (18.17)', (plexUrl) => {
    expect(() => parse({ plex_url: plexUrl })).toThrow(/plex_url: .*for example http:/);
  });

  it.each([
    ['no scheme', '192.168.1.5:32400', 'http://192.168.1.5:32400'],
    ['nothing but a number', '192.168.1.5', 'http://192.168.1.5:32400'],
    ['no scheme for a name', 'plex:32400/plex/', 'http://plex:32400/plex'],
    [
      'no scheme for a name with a certificate',
      '1-2-3-4.ab12.plex.direct:32400',
      'https://1-2-3-4.ab12.plex.direct:32400',
    ],
    ['a slash too few', 'http:/plex:32400', 'http://plex:32400'],
    ['quotes', ' \u201chttp://plex:32400\u201d ', 'http://plex:32400'],
    ["the address of Plex's web app", 'http://plex:32400/web/', 'http://plex:32400'],
    ['its whole address', 'http://plex:32400/web/index.html#!/server/ab12', 'http://plex:32400'],
    ['it below a path', 'https://host/plex/web#!/media', 'https://host/plex'],
    ['a hash', 'http://plex:32400/#!', 'http://plex:32400'],
    ['a document of Plex', 'http://plex:32400/library/metadata/812?checkFiles=1', 'http://plex:32400'],
  ])('puts an address right that has %s, and says so once', (_, plexUrl, expected) => {
    const { settings, warnings } = parse({ plex_url: plexUrl });
    expect(settings.plex_url).toBe(expected);
    expect(warnings).toEqual([expect.stringContaining(`Setting plex_url is read as ${expected}: `)]);
  });

  it('takes the user and the password for a proxy out of the address, and repeats them nowhere', () => {
    const { settings, warnings } = parse({
      plex_url: 'https://me:s%40fe word@host/plex/web'.replace(' ', '%20'),
    });
    expect(settings).toMatchObject({ plex_url: 'https://host/plex', plex_login: 'me:s@fe word' });
    expect(warnings).toHaveLength(1);
    expect(warnings.join()).not.toMatch(/me:|s@fe|s%40/);
    expect(parse({ plex_url: 'me:secret@host:32400' }).settings).toMatchObject({
      plex_url: 'http://host:32400',
      plex_login: 'me:secret',
    });
    expect(() => parse({ plex_url: 'ftp://me:secret@host' })).not.toThrow(/secret/);
  });

  it.each([
    ['', 'a-token-of-the-url', 'is used because plex_token is empty'],
    ['abcdefghij0123456789', 'abcdefghij0123456789', 'what follows ? or # is left out'],
    ['abcdefghij0123456789', 'abcdefghij0123456789', 'not the token in it'],
  ])(
    'takes a token out of the address, for want of another one (plex_token: %j)',
    (stored, expected, said) => {
      const inUrl = said.startsWith('what') ? stored : 'a-token-of-the-url';
      const plexUrl = `http://plex:32400/library/sections?X-Plex-Token=${inUrl}`;
      const { settings, warnings } = parse({ plex_url: plexUrl, plex_token: stored });
      expect(settings).toMatchObject({ plex_url: 'http://plex:32400', plex_token: expected });
      expect(warnings).toEqual([expect.stringContaining(said)]);
      expect(warnings.join()).not.toContain(inUrl);
    },
  );

  it('takes PLEX_URL and PLEX_TOKEN only for what is not stored', () => {
    const env = { PLEX_URL: ' http://other:1/ ', PLEX_TOKEN: 'from-the-environment' };
    const blank = { plex_url: '', plex_token: '  ' };
    expect(parseSettings(blank, env).settings).toMatchObject({
      plex_url: 'http://other:1',
      plex_token: 'from-the-environment',
    });
    expect(parseSettings(REQUIRED, env).settings).toMatchObject(REQUIRED);
  });

  it('names everything indispensable that is missing, at once (18.17)', () => {
    expect(() => parseSettings({}, {})).toThrow(/plex_url.*; plex_token/);
    expect(() => parse({ plex_token: 'short' })).toThrow(/plex_token: is too short/);
    expect(parse({ plex_token: ' abcdefghij\n' }).settings.plex_token).toBe('abcdefghij');
  });

  it.each(['abcdefghij\u201d', 'abcde\nfghij', 'abcdefghij\u200b'])(
    'refuses the token %j, which no HTTP header can carry, instead of failing at every job',
    (token) => {
      expect(() => parse({ plex_token: token })).toThrow(SettingsError);
    },
  );

  it('does not repeat a bad token in its message (18.17)', () => {
    const secret = 's3cr3t';
    expect(() => parse({ plex_token: secret })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(secret) }),
    );
  });
});

describe('parseSettings: optional values', () => {
  it.each([
    ['max_retries', [1, 5, 20, '7'], [21, -1, 2.5, 'many', true, []]],
    ['poll_interval', [0.1, 1, 60, '0.5'], [0.05, 61, 'Infinity', {}]],
    ['connect_timeout', [1, 15, 30], [0.5, 31]],
    ['read_timeout', [5, 60, 120], [4, 121]],
    ['dlq_retention_days', [1, 30, 365], [366, 1.5]],
    ['max_tags', [10, 100, 500], [9, 501]],
    ['reconcile_batch_size', [10, 1000], [9, 1001]],
  ] as const)(
    'keeps %s within its range, else default and one warning (18.17, W-67)',
    (key, valid, invalid) => {
      for (const value of valid) {
        expect(parse({ [key]: value })).toMatchObject({ settings: { [key]: Number(value) }, warnings: [] });
      }
      for (const value of invalid) {
        expect(parse({ [key]: value })).toMatchObject({
          settings: { [key]: DEFAULTS[key] },
          warnings: [expect.stringContaining(key)],
        });
      }
    },
  );

  it.each([
    [true, true],
    ['true', true],
    ['True', true],
    [' TRUE ', true],
    ['1', true],
    [1, true],
    ['yes', true],
    ['on', true],
    [false, false],
    ['False', false],
    ['0', false],
    [0, false],
    ['no', false],
    ['off', false],
  ])('reads %j as %s for a flag (18.17, W-67)', (value, expected) => {
    expect(parse({ strict_matching: value, debug_logging: value })).toMatchObject({
      settings: { strict_matching: expected, debug_logging: expected },
      warnings: [],
    });
  });

  it.each(['maybe', 'invalid', 2, {}, []])(
    'warns about the flag %j and keeps its default (18.17, W-67)',
    (value) => {
      expect(parse({ preserve_plex_edits: value })).toMatchObject({
        settings: { preserve_plex_edits: false },
        warnings: [expect.stringContaining('preserve_plex_edits')],
      });
    },
  );

  it.each([
    ['reconcile_interval', ['never', 'hourly', 'Daily', ' WEEKLY ']],
    ['reconcile_scope', ['all', '24H', '7days']],
  ] as const)('reads the choices of %s in any letter case (18.17)', (key, values) => {
    for (const value of values) {
      expect(parse({ [key]: value })).toMatchObject({
        settings: { [key]: value.trim().toLowerCase() },
        warnings: [],
      });
    }
    expect(parse({ [key]: 'sometimes' })).toMatchObject({
      settings: { [key]: DEFAULTS[key] },
      warnings: [expect.stringContaining(key)],
    });
  });

  it('takes emptied fields of the settings page for the default, without a word (W-67)', () => {
    const keys = Object.keys(SETTINGS);
    for (const blank of ['', '  ', null]) {
      expect(parse(Object.fromEntries(keys.map((key) => [key, blank])))).toEqual(parse({}));
    }
    const numbers = ['max_retries', 'poll_interval', 'connect_timeout', 'read_timeout', 'max_tags'];
    expect(parse(Object.fromEntries(numbers.map((key) => [key, 0])))).toEqual(parse({}));
  });

  it('knows the time-outs under both of their names (W-66)', () => {
    const stored = { plex_connect_timeout: 9, plex_read_timeout: '60' };
    expect(parse(stored).settings).toMatchObject({ connect_timeout: 9, read_timeout: 60 });
    expect(parse({ ...stored, connect_timeout: 3 }).settings.connect_timeout).toBe(3);
  });

  it('looks for the older name when the settings page left a 0 under the newer one (W-67)', () => {
    expect(parse({ connect_timeout: 0, plex_connect_timeout: 9 }).settings.connect_timeout).toBe(9);
  });

  it('takes a library id that a hand-edited file holds as a number: the default would write to every library', () => {
    expect(parse({ plex_library: 4 }).settings.plex_library).toBe('4');
  });

  it('never fails over optional values, and warns at most once for each (W-67)', () => {
    const scalar = fc.oneof(fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
    const value = fc.oneof(
      scalar,
      fc.array(scalar),
      fc.dictionary(fc.constantFrom('a', 'b'), scalar, { noNullPrototype: true }),
    );
    const stored = fc.record(Object.fromEntries(Object.keys(SETTINGS).map((key) => [key, value])), {
      requiredKeys: [],
    });
    fc.assert(
      fc.property(stored, (values) => {
        const { settings, warnings } = parse(values);
        expect(
          Object.keys(settings)
            .filter((key) => key !== 'plex_login')
            .sort(),
        ).toEqual(Object.keys({ ...REQUIRED, ...DEFAULTS }).sort());
        expect(Object.values(settings)).not.toContain(undefined);
        expect(warnings.length).toBeLessThanOrEqual(Object.keys(values).length);
      }),
    );
  });

  it.each<[string, { plex: string; stash: string }[]]>([
    ['/media=>/data', [{ plex: '/media', stash: '/data' }]],
    [' /media/ => /data// ; ', [{ plex: '/media', stash: '/data' }]],
    [
      'D:\\Films\\=>/data;/=>/mnt',
      [
        { plex: 'D:\\Films', stash: '/data' },
        { plex: '/', stash: '/mnt' },
      ],
    ],
  ])('reads the path map %j, under its older name as well (W-59)', (text, pairs) => {
    expect(parse({ path_map: text })).toMatchObject({ settings: { path_map: pairs }, warnings: [] });
    expect(parse({ plex_unmatched_path_map: text }).settings.path_map).toEqual(pairs);
    expect(parse({ plex_unmatched_path_map: '/x=>/y', path_map: text }).settings.path_map).toEqual(pairs);
  });

  it('leaves out entries that are none, and names them in one warning (W-59, W-67)', () => {
    const { settings, warnings } = parse({ path_map: '/media;=>/x;/a=>/b=>/c;/y=>;/media=>/data' });
    expect(settings.path_map).toEqual([{ plex: '/media', stash: '/data' }]);
    expect(warnings).toEqual([
      expect.stringMatching(/path_map.*"\/media", "=>\/x", "\/a=>\/b=>\/c", "\/y=>"\.$/),
    ]);
    expect(parse({ path_map: ['/media=>/data'] })).toMatchObject({
      settings: { path_map: [] },
      warnings: [expect.stringContaining('path_map')],
    });
  });

  it('takes a template as it is, and refuses one that it does not understand as a whole, saying why', () => {
    expect(parse({ title_template: ' {studio} - {title} ' })).toMatchObject({
      settings: { title_template: '{studio} - {title}' },
      warnings: [],
    });
    expect(parse({ title_template: '{studios} - {title}', sort_title_template: '{title} (' })).toMatchObject({
      settings: { title_template: '', sort_title_template: '' },
      warnings: [
        expect.stringMatching(
          /^Setting title_template has the unknown placeholder \{studios\}; there are \{title\} .*\. It is left out/,
        ),
        'Setting sort_title_template has a "(" that nothing closes. It is left out until that is corrected.',
      ],
    });
    expect(parse({ title_template: 7 }).warnings).toEqual([
      expect.stringMatching(/^Setting title_template must be a text with placeholders.*default/),
    ]);
  });

  it('keeps the blank at the end of a prefix, and takes a list of tags apart', () => {
    const { settings, warnings } = parse({
      label_prefix: 'Stash: ',
      group_prefix: 7,
      ignore_tags: ' to do ;HD;; HD;',
      content_rating: 18,
    });
    expect(settings).toMatchObject({
      label_prefix: 'Stash: ',
      group_prefix: '7',
      ignore_tags: ['to do', 'HD'],
      content_rating: '18',
    });
    expect(warnings).toEqual([]);
  });

  it('ignores keys that it does not know (18.17)', () => {
    expect(parse({ strict_mode: true, colour: 'red' })).toEqual(parse({}));
  });
});
