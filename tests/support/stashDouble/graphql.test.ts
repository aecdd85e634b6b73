import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { StashDouble } from './startStashDouble.ts';
import { ask, testDouble } from './testClient.ts';

async function post(
  double: StashDouble,
  body: string,
  type = 'application/json',
  accept = '*/*',
): Promise<Response> {
  const headers = { 'Content-Type': type, Accept: accept };
  return fetch(`${double.url}/graphql`, { method: 'POST', headers, body });
}

describe('HTTP', () => {
  const PAGE = 'query Find($filter: FindFilterType) { findScenes(filter: $filter) { count } }';
  const REFUSED = [
    ['an unknown field', '{ version { version } findScene(id: 1) { id colour } }', {}, 'VALIDATION'],
    ['an unknown argument', '{ findScenes(colour: 1) { count } }', {}, 'VALIDATION'],
    ['broken syntax', '{ findScenes { count', {}, 'PARSE'],
    ['no document', '', {}, 'PARSE'],
    ['a variable that does not fit', PAGE, { variables: { filter: { per_page: 'many' } } }, 'VALIDATION'],
    ['an unknown operation', PAGE, { operationName: 'Other' }, 'VALIDATION'],
  ] as const;
  const TYPES = [
    ['*/*', 400, 'application/graphql-response+json'],
    ['application/graphql-response+json, application/json;q=0.9', 400, 'application/graphql-response+json'],
    ['application/json', 422, 'application/json'],
    ['application/json, */*', 422, 'application/json'],
  ] as const;

  test.each(REFUSED)(
    'refuses %s as a whole, as the client accepts it (SD-10)',
    async (_, query, rest, code) => {
      const double = await testDouble();
      for (const [accept, status, type] of TYPES) {
        const response = await post(double, JSON.stringify({ query, ...rest }), 'application/json', accept);
        expect([accept, response.status, response.headers.get('content-type')]).toEqual([
          accept,
          status,
          type,
        ]);
        expect(await response.json()).toMatchObject({
          data: null,
          errors: [{ message: expect.any(String), extensions: { code: `GRAPHQL_${code}_FAILED` } }],
        });
      }
    },
  );

  test('answers what it executed with the same types, and 200 (SD-10)', async () => {
    const double = await testDouble();
    for (const [accept, , type] of TYPES) {
      for (const query of ['{ version { version } }', '{ findScene(id: "x") { id } }']) {
        const response = await post(double, JSON.stringify({ query }), 'application/json', accept);
        expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
      }
    }
  });

  test('answers a body that is not JSON with 400 (SD-10)', async () => {
    const double = await testDouble();
    expect((await post(double, '{ version { version } }')).status).toBe(400);
    expect((await post(double, '[1]')).status).toBe(400);
    expect((await post(double, '{"query":"{ version { version } }"}', 'text/plain')).status).toBe(400);
  });

  test('answers an error of a resolver with 200, its path and no locations (SD-10)', async () => {
    const double = await testDouble();
    const answer = await ask(double, '{ findScene(id: "x") { id } version { version } }');
    expect(answer).toMatchObject({
      status: 200,
      data: { findScene: null, version: { version: 'v0.30.1' } },
    });
    const message = 'strconv.Atoi: parsing "x": invalid syntax';
    expect(answer.errors).toEqual([{ message, path: ['findScene'] }]);
  });

  test('compresses when gzip is offered, and only then (SD-9)', async () => {
    const double = await testDouble();
    const body = JSON.stringify({ query: '{ version { hash } }' });
    const rawReply = (headers: Record<string, string>) =>
      new Promise<{ encoding: string | undefined; bytes: Buffer }>((resolve, reject) => {
        const options = { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers } };
        const call = request(`${double.url}/graphql`, options, async (response) => {
          const chunks: Buffer[] = [];
          for await (const chunk of response) chunks.push(chunk);
          resolve({ encoding: response.headers['content-encoding'], bytes: Buffer.concat(chunks) });
        });
        call.once('error', reject);
        call.end(body);
      });
    const packed = await rawReply({ 'Accept-Encoding': 'br, gzip' });
    expect(packed.encoding).toBe('gzip');
    expect(JSON.parse(gunzipSync(packed.bytes).toString())).toEqual({
      data: { version: { hash: 'cf3489ef' } },
    });
    const plain = await rawReply({});
    expect(plain.encoding).toBeUndefined();
    expect(JSON.parse(plain.bytes.toString())).toEqual({ data: { version: { hash: 'cf3489ef' } } });
  });
});

describe('queries', () => {
  test('give a scene with all that hangs on it (SD-10)', async () => {
    const double = await testDouble({ now: () => Date.UTC(2026, 0, 11, 7), utcOffsetMinutes: 660 });
    const endpoint = 'https://stashdb.org/graphql';
    const id = double.scenes.add({
      title: 'Harbour walk',
      date: '2024-05',
      rating100: 80,
      urls: ['https://example.org/1'],
      studio: 'Harbour',
      performers: ['Ann'],
      tags: ['sea'],
      groups: ['Box'],
      files: [{ path: '/data/x.mp4', size: 5_000_000_000, phash: 'abc' }],
      stash_ids: [{ endpoint, stash_id: 'u-u-i-d' }],
    });
    const { data } = await ask(
      double,
      `query($id: ID) { findScene(id: $id) {
        id title code details director urls url date rating100 organized o_counter play_count resume_time
        play_duration last_played_at interactive created_at updated_at captions { language_code }
        files { id path basename size mod_time duration width height frame_rate bit_rate video_codec audio_codec
          format fingerprint(type: "phash") zip_file { path } }
        studio { id name } performers { id name } tags { id name } groups { group { id name } scene_index }
        galleries { id } scene_markers { id } stash_ids { endpoint stash_id updated_at } } }`,
      { id: String(id) },
    );
    const now = '2026-01-11T18:00:00+11:00';
    expect(data).toEqual({
      findScene: {
        id: '1',
        title: 'Harbour walk',
        code: '',
        details: '',
        director: '',
        urls: ['https://example.org/1'],
        url: 'https://example.org/1',
        date: '2024-05',
        rating100: 80,
        organized: false,
        o_counter: 0,
        play_count: 0,
        resume_time: 0,
        play_duration: 0,
        last_played_at: null,
        interactive: false,
        created_at: now,
        updated_at: now,
        captions: null,
        files: [
          {
            id: '1',
            path: '/data/x.mp4',
            basename: 'x.mp4',
            size: 5_000_000_000,
            mod_time: now,
            duration: 600,
            width: 1920,
            height: 1080,
            frame_rate: 25,
            bit_rate: 4_000_000,
            video_codec: 'h264',
            audio_codec: 'aac',
            format: 'mp4',
            fingerprint: 'abc',
            zip_file: null,
          },
        ],
        studio: { id: '1', name: 'Harbour' },
        performers: [{ id: '1', name: 'Ann' }],
        tags: [{ id: '1', name: 'sea' }],
        groups: [{ group: { id: '1', name: 'Box' }, scene_index: null }],
        galleries: [],
        scene_markers: [],
        stash_ids: [{ endpoint, stash_id: 'u-u-i-d', updated_at: now }],
      },
    });
  });

  test('find a scene by checksum, or nothing (SD-10)', async () => {
    const double = await testDouble();
    double.scenes.add();
    double.scenes.add({ files: [{ path: '/x', md5: 'm'.repeat(32), oshash: 'o'.repeat(16) }] });
    const query =
      'query($sum: String) { findScene(checksum: $sum) { id files { fingerprints { type value } } } }';
    expect((await ask(double, query, { sum: 'm'.repeat(32) })).data).toEqual({
      findScene: {
        id: '2',
        files: [
          {
            fingerprints: [
              { type: 'oshash', value: 'o'.repeat(16) },
              { type: 'md5', value: 'm'.repeat(32) },
            ],
          },
        ],
      },
    });
    expect((await ask(double, query, { sum: 'other' })).data).toEqual({ findScene: null });
    expect((await ask(double, '{ findScene(id: 99) { id } }')).data).toEqual({ findScene: null });
    expect((await ask(double, '{ findScene { id } }')).data).toEqual({ findScene: null });
  });

  test('page through scenes (SD-10)', async () => {
    const double = await testDouble();
    for (let index = 0; index < 5; index += 1) double.scenes.add();
    const query = `query Page($after: Int!, $size: Int) { findScenes(
      scene_filter: { id: { value: $after, modifier: GREATER_THAN } }, filter: { sort: "id", per_page: $size }
    ) { count scenes { id } } }`;
    expect((await ask(double, query, { after: 2, size: 2 })).data).toEqual({
      findScenes: { count: 3, scenes: [{ id: '3' }, { id: '4' }] },
    });
    const byIds = 'query($ids: [ID!]) { findScenes(ids: $ids) { count scenes { id } } }';
    expect((await ask(double, byIds, { ids: ['5', '1'] })).data).toEqual({
      findScenes: { count: 2, scenes: [{ id: '5' }, { id: '1' }] },
    });
    expect(await ask(double, byIds, { ids: ['5', '77'] })).toMatchObject({
      status: 200,
      data: null,
      errors: [{ message: 'scene with id 77 not found' }],
    });
  });

  test('ask for the version and the status of the system (SD-10)', async () => {
    const double = await testDouble();
    const { data } = await ask(double, '{ version { version } systemStatus { status } }');
    expect(data).toEqual({ version: { version: 'v0.30.1' }, systemStatus: { status: 'OK' } });
  });

  test('may be fragments (SD-10)', async () => {
    const double = await testDouble();
    double.scenes.add({ title: 'x' });
    const query =
      'query Q { ...Root } fragment Root on Query { findScene(id: 1) { ...S } } fragment S on Scene { title }';
    expect((await ask(double, query)).data).toEqual({ findScene: { title: 'x' } });
  });
});

test('a plain GET of the endpoint is 400 (SD-10)', async () => {
  const double = await testDouble();
  const response = await fetch(`${double.url}/graphql`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ data: null, errors: [{}] });
});
