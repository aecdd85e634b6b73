import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { getRows, pluck, send } from './testClient.ts';
import { tinyJpeg, tinyPng } from './tinyImage.ts';
import { useDouble } from './useDouble.ts';

const double = useDouble();
const POSTERS = '/library/metadata/801/posters';

const item = () => double().library.item('801');

function addOne(): void {
  double().library.addItem('4', { title: 'One', file: '/data/clips/1.mkv', addedAt: 100 });
}

function nameOf(kind: 'posters' | 'art', bytes: Buffer): string {
  return `upload://${kind}/${createHash('sha1').update(bytes).digest('hex')}`;
}

const upload = (bytes: Buffer, path = POSTERS, type = 'image/jpeg') =>
  send(double(), 'POST', path, { body: bytes, headers: { 'Content-Type': type } });

describe('images', () => {
  it('uploaded are named by SHA-1, selected, locked and shown under a new path (PD-21)', async () => {
    addOne();
    const before = item()?.thumb;
    const bytes = tinyJpeg('first');
    const answer = await upload(bytes);
    expect(answer.status).toBe(200);
    expect(item()).toMatchObject({ lockedFields: ['thumb'] });
    expect(item()?.thumb).toMatch(/^\/library\/metadata\/801\/thumb\/\d+$/);
    expect(item()?.thumb).not.toBe(before);
    expect(item()?.posters).toEqual([
      {
        ratingKey: expect.stringMatching(/^media:/),
        selected: false,
        provider: expect.any(String),
        bytes: 0,
      },
      { ratingKey: nameOf('posters', bytes), selected: true, provider: undefined, bytes: bytes.length },
    ]);
    const shown = await send(double(), 'GET', item()?.thumb ?? '', { headers: { Accept: undefined } });
    expect(shown.bytes).toEqual(bytes);
    expect(shown.headers['content-type']).toBe('image/jpeg');
    expect(double().violations).toEqual([]);
  });

  it('uploaded twice are there once and change neither selection, lock nor path (PD-21, PD-9.1)', async () => {
    addOne();
    const png = tinyPng(255);
    await upload(png, '/library/metadata/801/arts', 'image/png');
    await upload(tinyJpeg('other'), '/library/metadata/801/arts');
    await send(double(), 'PUT', '/library/sections/4/all?type=1&id=801&art.locked=0');
    const before = item();
    expect((await upload(png, '/library/metadata/801/arts', 'application/octet-stream')).status).toBe(200);
    expect(item()).toEqual(before);
    expect(item()?.arts.map(({ selected }) => selected)).toEqual([false, false, true]);
    expect(item()?.arts[1]?.ratingKey).toBe(nameOf('art', png));
    // Backgrounds and posters are apart: the same bytes are new there.
    await upload(png);
    expect(item()?.posters.at(-1)).toMatchObject({ ratingKey: nameOf('posters', png), selected: true });
  });

  it('that the item holds are selected by their name only, posters and backgrounds (PD-9.1)', async () => {
    addOne();
    for (const [path, element, kind, field] of [
      ['posters', 'poster', 'posters', 'thumb'],
      ['arts', 'art', 'art', 'art'],
    ] as const) {
      const mine = tinyJpeg('mine');
      await upload(mine, `/library/metadata/801/${path}`);
      await upload(tinyJpeg('yours'), `/library/metadata/801/${path}`);
      await upload(mine, `/library/metadata/801/${path}`);
      const selected = () =>
        (field === 'art' ? item()?.arts : item()?.posters)?.filter((one) => one.selected);
      expect(selected()).toMatchObject([{ ratingKey: nameOf(kind, tinyJpeg('yours')) }]);
      const sha1 = createHash('sha1').update(mine).digest('hex');
      const before = item()?.[field];
      const select = `/library/metadata/801/${element}?url=upload%3A%2F%2F${kind}%2F`;
      expect((await send(double(), 'PUT', `${select}${sha1.toUpperCase()}`)).status).toBe(404);
      expect((await send(double(), 'PUT', select + sha1)).status).toBe(200);
      expect(selected()).toMatchObject([{ ratingKey: nameOf(kind, mine) }]);
      expect(item()?.[field]).not.toBe(before);
    }
  });

  it('lock when new unless the switch says that uploads do not, and always when selected (PD-9.2)', async () => {
    addOne();
    double().switches.uploadLocks = false;
    await upload(tinyJpeg('first'));
    expect(item()).toMatchObject({ lockedFields: [], posters: [{ selected: false }, { selected: true }] });
    const name = encodeURIComponent(nameOf('posters', tinyJpeg('first')));
    await send(double(), 'PUT', `/library/metadata/801/poster?url=${name}`);
    expect(item()?.lockedFields).toEqual(['thumb']);
  });

  it('are answered with nothing when uploaded, with a path when selected (PD-9.3)', async () => {
    addOne();
    const url = encodeURIComponent('https://images.example/a.jpg');
    for (const answer of [
      await upload(tinyJpeg('first')),
      await upload(tinyJpeg('first')),
      await send(double(), 'POST', `${POSTERS}?url=${url}`),
      await send(double(), 'DELETE', '/library/metadata/801/thumb'),
    ]) {
      expect(answer).toMatchObject({ status: 200, text: '' });
      expect(answer.headers).toMatchObject({ 'content-type': 'text/html', 'content-length': '0' });
    }
    const selected = await send(double(), 'PUT', `/library/metadata/801/poster?url=${url}`);
    expect(selected.text).toMatch(/^\/library\/metadata\/801\/thumb\/\d+$/);
  });

  it('above the limit are a 500, empty ones a 400, of unknown items a 404 (PD-21)', async () => {
    addOne();
    expect((await upload(tinyJpeg('', 10 * 1024 * 1024 + 1))).status).toBe(500);
    expect((await upload(Buffer.alloc(0))).status).toBe(400);
    expect((await upload(tinyJpeg(), '/library/metadata/999/posters')).status).toBe(404);
    expect(item()).toMatchObject({ lockedFields: [] });
    expect((await upload(tinyJpeg('', 9_000_000))).status).toBe(200);
    expect(double().log.entries.at(-1)).toMatchObject({ bodyLength: 9_000_000, body: undefined });
  });

  it('by address are candidates named after it (PD-21)', async () => {
    addOne();
    const url = 'https://images.example/a.jpg?x=1&y=2';
    expect((await send(double(), 'POST', `${POSTERS}?url=${encodeURIComponent(url)}`)).status).toBe(200);
    expect(item()?.posters.at(-1)).toMatchObject({ ratingKey: url, selected: true });
    expect(item()?.lockedFields).toEqual(['thumb']);
  });

  it('are selected by PUT, which locks; unknown ones are a 404 or a 400 (PD-21)', async () => {
    addOne();
    await upload(tinyJpeg('first'));
    await send(double(), 'PUT', '/library/sections/4/all?type=1&id=801&thumb.locked=0');
    const local = item()?.posters[0]?.ratingKey ?? '';
    const select = (name: string) =>
      send(double(), 'PUT', `/library/metadata/801/poster?url=${encodeURIComponent(name)}`);
    expect((await select(local)).status).toBe(200);
    expect(item()?.posters.map(({ selected }) => selected)).toEqual([true, false]);
    expect(item()?.lockedFields).toEqual(['thumb']);
    expect((await select('upload://posters/none')).status).toBe(404);
    double().switches.unknownCandidate = 400;
    expect((await select('upload://posters/none')).status).toBe(400);
  });

  it('are listed with names, selection and provider, in pages too (PD-21)', async () => {
    addOne();
    const bytes = tinyJpeg('first');
    await upload(bytes);
    const rows = await getRows(double(), POSTERS);
    const key = `/library/metadata/801/file?url=${encodeURIComponent(nameOf('posters', bytes))}`;
    expect(rows).toMatchObject([
      { selected: false, provider: 'com.plexapp.agents.localmedia' },
      { selected: true, ratingKey: nameOf('posters', bytes), key, thumb: key },
    ]);
    expect((await send(double(), 'GET', key)).bytes).toEqual(bytes);
    const paging = { 'X-Plex-Container-Start': '0', 'X-Plex-Container-Size': '1' };
    expect(await getRows(double(), POSTERS, { headers: paging })).toHaveLength(1);
    expect(pluck(await getRows(double(), '/library/metadata/801/arts'), 'selected')).toEqual([true]);
  });

  it('show in the item only after the delay (PD-21)', async () => {
    addOne();
    double().switches.imageDelayMs = 60_000;
    const before = item()?.thumb;
    await upload(tinyJpeg('first'));
    expect(item()?.thumb).toBe(before);
    double().advance(60_000);
    expect(item()?.thumb).not.toBe(before);
  });

  it('are deselected by DELETE, which locks (PD-21)', async () => {
    addOne();
    expect((await send(double(), 'DELETE', '/library/metadata/801/thumb')).status).toBe(200);
    expect(item()).toMatchObject({ thumb: undefined, lockedFields: ['thumb'] });
    expect(item()?.posters.some(({ selected }) => selected)).toBe(false);
  });

  it('sent in chunks are a violation (PD-21)', async () => {
    addOne();
    const headers = { 'Content-Length': undefined, 'Transfer-Encoding': 'chunked' };
    expect((await send(double(), 'POST', POSTERS, { body: tinyJpeg(), headers })).status).toBe(200);
    expect(double().violations).toEqual([`POST ${POSTERS} is chunked`]);
  });
});
