import { describe, expect, it } from 'vitest';
import { getRows, pluck, send, type WireAnswer } from './testClient.ts';
import { useDouble } from './useDouble.ts';

const double = useDouble();
const ALL = '/library/sections/4/all';

function edit(query: string): Promise<WireAnswer> {
  return send(double(), 'PUT', `${ALL}?${query}`);
}

function addOne(): string {
  return double().library.addItem('4', {
    title: 'One',
    file: '/data/clips/1.mkv',
    summary: 'Old',
    studio: 'Old',
  }).ratingKey;
}

const item = () => double().library.item('801');

describe('form A', () => {
  it('edits the items named and nothing else, several at once (PD-10)', async () => {
    for (const title of ['A', 'B', 'C'])
      double().library.addItem('4', { title, file: `/data/clips/${title}` });
    expect((await edit('type=1&id=801,803&studio.value=New')).status).toBe(200);
    expect([...double().library.items()].map(({ studio }) => studio)).toEqual(['New', undefined, 'New']);
    expect(double().violations).toEqual([]);
  });

  it('without an id edits every item of the type that passes the filters, and is a violation (PD-10)', async () => {
    for (const title of ['A', 'B']) double().library.addItem('4', { title, file: `/data/clips/${title}` });
    await edit('type=1&title=A&studio.value=X');
    expect([...double().library.items()].map(({ studio }) => studio)).toEqual(['X', undefined]);
    await edit('type=1&studio.value=Y');
    expect([...double().library.items()].map(({ studio }) => studio)).toEqual(['Y', 'Y']);
    expect(double().violations).toHaveLength(2);
    expect(double().violations[0]).toContain('without id');
  });

  it('answers an unknown id with 404, or 200 by switch; a malformed one and a missing type with 400 (PD-10)', async () => {
    addOne();
    expect((await edit('type=1&id=999&title.value=X')).status).toBe(404);
    expect((await edit('type=2&id=801&title.value=X')).status).toBe(404);
    double().switches.unknownIdStatus = 200;
    expect((await edit('type=1&id=999&title.value=X')).status).toBe(200);
    expect((await edit('type=1&id=999,801&title.value=Y')).status).toBe(200);
    expect(item()?.title).toBe('Y');
    expect((await edit('type=1&id=&title.value=X')).status).toBe(400);
    expect((await edit('type=1&id=801,None&title.value=X')).status).toBe(400);
    expect((await edit('id=801&title.value=X')).status).toBe(400);
    expect(double().violations).toHaveLength(3);
    expect(item()?.title).toBe('Y');
  });
});

describe('scalars', () => {
  it('are set and cleared by name.value (PD-11)', async () => {
    addOne();
    const text = 'A, "b" & ü 😀 = 100% + 1';
    const query = ['title', 'summary', 'studio', 'tagline'].map(
      (n) => `${n}.value=${encodeURIComponent(text)}`,
    );
    await edit(`type=1&id=801&${query.join('&')}&originallyAvailableAt.value=2021-05-04&userRating.value=7`);
    expect(item()).toMatchObject({
      title: text,
      summary: text,
      studio: text,
      tagline: text,
      year: 2021,
      userRating: 7,
    });
    await edit('type=1&id=801&summary.value=&studio.value=&originallyAvailableAt.value=&userRating.value=');
    expect(item()).toMatchObject({ summary: '', tagline: text });
    for (const name of ['studio', 'originallyAvailableAt', 'userRating', 'year'] as const) {
      expect(item()?.[name]).toBeUndefined();
    }
    await edit('type=1&id=801&tagline.value=a+b');
    expect(item()?.tagline).toBe('a b');
  });

  it('are locked and unlocked on request only, also without a value (PD-11)', async () => {
    addOne();
    await edit('type=1&id=801&title.value=Two&genre%5B0%5D.tag.tag=A');
    expect(item()?.lockedFields).toEqual([]);
    await edit('type=1&id=801&title.locked=1&genre.locked=1&thumb.locked=1');
    expect(item()).toMatchObject({ title: 'Two', genres: ['A'], lockedFields: ['title', 'genre', 'thumb'] });
    await edit('type=1&id=801&title.locked=0&genre[0].locked=0&title.value=Three');
    expect(item()).toMatchObject({ title: 'Three', lockedFields: ['genre', 'thumb'] });
  });

  it('of unknown names are a 400 that changes nothing, or ignored by switch (PD-11)', async () => {
    addOne();
    expect((await edit('type=1&id=801&title.value=Two&nosuch.value=x')).status).toBe(400);
    expect(item()?.title).toBe('One');
    double().switches.unknownScalar = 'ignore';
    expect((await edit('type=1&id=801&title.value=Two&nosuch.value=x')).status).toBe(200);
    expect(item()?.title).toBe('Two');
  });

  it('without .value are ignored with 200, invalid data is a 500 (PD-11)', async () => {
    addOne();
    expect((await edit('type=1&id=801&title=Two&titleSort=Two')).status).toBe(200);
    expect(item()).toMatchObject({ title: 'One', titleSort: undefined });
    expect((await edit('type=1&id=801&originallyAvailableAt.value=yesterday')).status).toBe(500);
    expect((await edit('type=1&id=801&userRating.value=11')).status).toBe(500);
  });

  it('know when titleSort says nothing, and never take an empty title (PD-11)', async () => {
    addOne();
    await edit('type=1&id=801&title.value=The%20Sea&titleSort.value=Sea%2C%20The');
    expect(item()?.titleSort).toBe('Sea, The');
    await edit('type=1&id=801&titleSort.value=Sea');
    expect(item()?.titleSort).toBeUndefined();
    await edit('type=1&id=801&title.value=');
    expect(item()?.title).toBe('The Sea');
    expect(double().violations).toEqual([`PUT ${ALL} with an empty title`]);
  });

  it('read back trimmed, dated with a time, without an edition, as the switches say (PD-11)', async () => {
    addOne();
    double().switches.trimText = true;
    double().switches.datesWithTime = true;
    double().switches.plexPass = false;
    await edit('type=1&id=801&title.value=%20Two%20&originallyAvailableAt.value=2021-05-04');
    expect(item()?.title).toBe('Two');
    const dates = pluck(await getRows(double(), '/library/metadata/801'), 'originallyAvailableAt');
    expect(dates).toEqual(['2021-05-04 00:00:00']);
    expect((await edit('type=1&id=801&editionTitle.value=Cut')).status).toBe(400);
  });
});

describe('an edit', () => {
  it('answers 200 with zero bytes of text/html (PD-17)', async () => {
    addOne();
    const answer = await edit('type=1&id=801&title.value=Two');
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(answer.headers).toMatchObject({ 'content-type': 'text/html', 'content-length': '0' });
  });

  it('with too long a request line is a 414, a 400 or a reset (PD-18)', async () => {
    addOne();
    const query = (bytes: number) => {
      const start = 'type=1&id=801&summary.value=';
      return start + 'x'.repeat(bytes - `PUT ${ALL}?${start} HTTP/1.1`.length);
    };
    expect((await edit(query(8192))).status).toBe(200);
    const answer = await edit(query(8193));
    expect(answer.status).toBe(414);
    expect(answer.text).toContain('<h1>414');
    double().switches.overlong = 400;
    expect((await edit(query(60_000))).status).toBe(400);
    double().switches.overlong = 'reset';
    await expect(edit(query(8193))).rejects.toThrow(/ECONNRESET|hang up/);
    double().switches.maxRequestLine = 100_000;
    expect((await edit(query(60_000))).status).toBe(200);
  });

  it('does not read a body, and sending one is a violation (PD-19)', async () => {
    addOne();
    const body = 'title.value=Two';
    expect((await send(double(), 'PUT', `${ALL}?type=1&id=801`, { body })).status).toBe(200);
    expect(item()?.title).toBe('One');
    expect(double().violations).toEqual([`PUT ${ALL} has a body of 15 bytes, which Plex ignores`]);
  });

  it('with the wrong verb is a 405 (PD-19)', async () => {
    addOne();
    for (const [method, path] of [
      ['POST', `${ALL}?type=1&id=801&title.value=Two`],
      ['GET', '/library/metadata/801/refresh'],
      ['DELETE', '/library/metadata/801'],
      ['PUT', '/library/sections'],
    ] as const) {
      const answer = await send(double(), method, path);
      expect(answer.status).toBe(405);
      expect(answer.headers['content-type']).toBe('text/html');
    }
    expect(item()?.title).toBe('One');
  });

  it('of form B replaces and is a violation (PD-13)', async () => {
    double().library.addItem('4', { title: 'One', file: '/data/clips/1.mkv', genres: ['A'] });
    await send(double(), 'PUT', '/library/metadata/801?genre[0].tag.tag=B');
    expect(item()?.genres).toEqual(['B']);
    expect(double().violations).toEqual(['PUT /library/metadata/801 is form B']);
  });

  it('of a scalar moves updatedAt, of tags only by switch (PD-11)', async () => {
    double().library.addItem('4', { title: 'One', file: '/data/clips/1.mkv', updatedAt: 5 });
    await edit('type=1&id=801&genre[0].tag.tag=A');
    expect(item()?.updatedAt).toBe(5);
    double().switches.tagEditsBumpUpdatedAt = true;
    await edit('type=1&id=801&genre[0].tag.tag=B');
    const first = item()?.updatedAt ?? 0;
    expect(first).toBeGreaterThan(5);
    await edit('type=1&id=801&title.value=Two');
    expect(item()?.updatedAt).toBeGreaterThan(first);
  });
});

describe('rating', () => {
  const rate = (query: string, method = 'PUT') => send(double(), method, `/:/rate?${query}`);
  const whole = 'key=801&identifier=com.plexapp.plugins.library';

  it('takes 0 to 10 and -1, by PUT and GET (PD-20)', async () => {
    addOne();
    const answer = await rate(`${whole}&rating=9`);
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(item()).toMatchObject({ userRating: 9, lastRatedAt: expect.any(Number) });
    await rate(`${whole}&rating=0`, 'GET');
    expect(item()?.userRating).toBe(0);
    await rate(`${whole}&rating=-1`);
    expect(item()?.userRating).toBeUndefined();
  });

  it('sets lastRatedAt, by default to now, and takes it away with the rating (PD-9.13)', async () => {
    addOne();
    await rate(`${whole}&rating=7.5&ratedAt=1700000000`);
    const [row] = await getRows(double(), `${ALL}?type=1`);
    expect(row).toMatchObject({ userRating: 7.5, lastRatedAt: 1_700_000_000 });
    await rate(`${whole}&rating=8`);
    expect(item()?.lastRatedAt).toBeGreaterThan(1_700_000_000);
    await edit('type=1&id=801&userRating.value=');
    expect((await getRows(double(), '/library/metadata/801'))[0]).not.toHaveProperty('lastRatedAt');
  });

  it("belongs to the token's account, in rows, details, filters and orders (PD-9.10)", async () => {
    addOne();
    double().library.addItem('4', { title: 'Two', file: '/data/clips/2.mkv', userRating: 2 });
    const byUser = { headers: { 'X-Plex-Token': double().userToken } };
    await rate(`${whole}&rating=9`);
    expect((await send(double(), 'GET', `/:/rate?${whole}&rating=3.5`, byUser)).status).toBe(200);
    expect(item()).toMatchObject({ userRating: 9, ratingByUser: 3.5 });
    for (const path of [`${ALL}?type=1`, '/library/metadata/801,802']) {
      expect(pluck(await getRows(double(), path), 'userRating')).toEqual([9, 2]);
      expect(pluck(await getRows(double(), path, byUser), 'userRating')).toEqual([3.5, undefined]);
    }
    const titles = async (query: string, options = {}) =>
      pluck(await getRows(double(), `${ALL}?type=1&${query}`, options), 'title');
    expect(await titles('userRating=9')).toEqual(['One']);
    expect(await titles('userRating=9', byUser)).toEqual([]);
    expect(await titles('sort=userRating')).toEqual(['Two', 'One']);
    expect(await titles('sort=userRating', byUser)).toEqual(['Two', 'One']);
    await send(double(), 'GET', `/:/rate?${whole.replace('801', '802')}&rating=1`, byUser);
    expect(await titles('sort=userRating:desc', byUser)).toEqual(['One', 'Two']);
    await send(double(), 'GET', `/:/rate?${whole}&rating=-1`, byUser);
    expect(item()).toMatchObject({ userRating: 9, ratingByUser: undefined });
    expect(await titles('sort=userRating:desc', byUser)).toEqual(['Two', 'One']);
  });

  it('is a 400 for anything else and a 404 for an unknown item (PD-20)', async () => {
    addOne();
    for (const query of ['rating=11', 'rating=-2', 'rating=', 'rating=x', 'rating=5&ratedAt=99999999999']) {
      expect((await rate(`${whole}&${query}`)).status).toBe(400);
    }
    expect((await rate('key=801&rating=5')).status).toBe(400);
    expect((await rate(`${whole.replace('801', '999')}&rating=5`)).status).toBe(404);
    expect(item()?.userRating).toBeUndefined();
  });
});
