import { describe, expect, it } from 'vitest';
import { commonFaults } from './commonFaults.ts';
import type { FaultAction } from './FaultInjector.ts';
import { getRows, send, until, type WireAnswer } from './testClient.ts';
import { useDouble } from './useDouble.ts';

const double = useDouble();
const EDIT = '/library/sections/4/all?type=1&id=801&title.value=Two';

const title = () => double().library.item('801')?.title;

/** Sends an edit that meets the fault once. */
function editWith(action: FaultAction): Promise<WireAnswer> {
  double().library.addItem('4', { title: 'One', file: '/data/clips/1.mkv' });
  double().faults.add({ match: { method: 'PUT' }, times: 1, action });
  return send(double(), 'PUT', EDIT);
}

describe('faults', () => {
  it.each([400, 401, 403, 404, 500])('answer %i as HTML without the effect (PD-23)', async (status) => {
    const answer = await editWith({ kind: 'status', status });
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('text/html');
    expect(title()).toBe('One');
    expect((await send(double(), 'PUT', EDIT)).status).toBe(200);
  });

  it('answer an error although the effect was applied (PD-23)', async () => {
    expect((await editWith({ kind: 'status', status: 500, applied: true })).status).toBe(500);
    expect(title()).toBe('Two');
  });

  it('answer start-up maintenance as JSON, or as XML when no JSON was asked for (PD-23)', async () => {
    const answer = await editWith({ kind: 'maintenance' });
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 503, title: 'Maintenance' });
    double().faults.add({ match: '/identity', action: { kind: 'maintenance' } });
    const xml = await send(double(), 'GET', '/identity', { headers: { Accept: undefined } });
    expect(xml.text).toContain('<Response code="503" title="Maintenance"');
  });

  it.each([429, 503] as const)('answer %i with the time to wait (PD-23)', async (status) => {
    const answer = await editWith({ kind: 'retryAfter', status, retryAfter: 7 });
    expect(answer.status).toBe(status);
    expect(answer.headers['retry-after']).toBe('7');
    expect(title()).toBe('One');
  });

  it('delay the effect, or only the answer (PD-23)', async () => {
    const late = editWith({ kind: 'delay', ms: 600_000 });
    await until(() => double().log.entries[0]?.fault === 'delay');
    expect(title()).toBe('One');
    double().advance(600_000);
    expect((await late).status).toBe(200);
    expect(title()).toBe('Two');
    double().faults.add({ times: 1, action: { kind: 'delay', ms: 600_000, applied: true } });
    const slow = send(double(), 'PUT', EDIT.replace('Two', 'Three'));
    await until(() => title() === 'Three');
    double().advance(600_000);
    expect((await slow).status).toBe(200);
  });

  it('reset the connection before or after the effect (PD-23)', async () => {
    await expect(editWith({ kind: 'resetBefore' })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(title()).toBe('One');
    double().faults.add({ times: 1, action: { kind: 'resetAfter' } });
    await expect(send(double(), 'PUT', EDIT)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(title()).toBe('Two');
    expect(double().log.entries.map(({ status }) => status)).toEqual([0, 0]);
  });

  it('close the connection without a status (PD-23)', async () => {
    await expect(editWith({ kind: 'emptyReply' })).rejects.toThrow('socket hang up');
    expect(title()).toBe('One');
  });

  it('cut the body short, also an empty one (PD-23)', async () => {
    await expect(editWith({ kind: 'truncatedBody' })).rejects.toThrow('aborted');
    expect(title()).toBe('Two');
    double().faults.add({ times: 1, action: { kind: 'truncatedBody' } });
    await expect(send(double(), 'GET', '/library/sections')).rejects.toThrow('aborted');
  });

  it("show a proxy's login page with status 200 (PD-23)", async () => {
    const answer = await editWith({ kind: 'loginPage' });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.headers['x-plex-protocol']).toBeUndefined();
    expect(answer.text).toContain('<form');
    expect(title()).toBe('One');
  });

  it('hit the n-th matching request, as often as said, until removed or cleared (PD-23)', async () => {
    const get = async (path: string) => (await send(double(), 'GET', path)).status;
    const action: FaultAction = { kind: 'status', status: 500 };
    const fault = double().faults.add({ match: { path: /^\/library\/sections/ }, nth: 2, times: 2, action });
    const seen: number[] = [];
    for (let count = 0; count < 5; count += 1)
      seen.push(await get('/library/sections'), await get('/identity'));
    expect(seen).toEqual([200, 200, 500, 200, 500, 200, 200, 200, 200, 200]);
    expect(fault.hits).toBe(2);
    const lasting = double().faults.add({ action });
    expect(await get('/identity')).toBe(500);
    lasting.remove();
    expect(await get('/identity')).toBe(200);
    double().faults.add({ match: /type=1&file=/, action });
    expect(await get('/library/sections/4/all?type=1&file=x')).toBe(500);
    double().faults.clear();
    expect(await get('/library/sections/4/all?type=1&file=x')).toBe(200);
  });
});

describe('common faults', () => {
  it('fail every write while everything can be read (PD-9.13)', async () => {
    double().library.addItem('4', { title: 'One', file: '/data/clips/1.mkv' });
    double().faults.add(commonFaults.writesFail());
    expect((await send(double(), 'PUT', EDIT)).status).toBe(500);
    expect((await send(double(), 'POST', '/library/metadata/801/posters', { body: 'x' })).status).toBe(500);
    expect((await send(double(), 'PUT', '/:/rate?key=801&identifier=x&rating=5')).status).toBe(500);
    expect(await getRows(double(), '/library/metadata/801')).toMatchObject([{ title: 'One' }]);
    expect(double().library.item('801')).toMatchObject({ userRating: undefined, posters: [{}] });
    double().faults.clear();
    double().faults.add(commonFaults.writesFail(403));
    expect((await send(double(), 'PUT', EDIT)).status).toBe(403);
  });

  it('refuse what has a text in its URL, escaped once or twice, and nothing else (PD-9.13)', async () => {
    double().library.addItem('4', { title: 'One', file: '/data/clips/1.mkv', genres: ['a <b'] });
    const fault = double().faults.add(commonFaults.withText('a <b'));
    const edit = async (query: string) => (await send(double(), 'PUT', `${EDIT}&${query}`)).status;
    expect(await edit('summary.value=a%20%3Cb')).toBe(403);
    expect(await edit('summary.value=a+%3Cb')).toBe(403);
    expect(await edit(`genre[].tag.tag-=${encodeURIComponent(encodeURIComponent('a <b'))}`)).toBe(403);
    expect(title()).toBe('One');
    expect(await edit('summary.value=a%20b')).toBe(200);
    expect((await send(double(), 'GET', '/library/sections/4/all?type=1&title=a%20%3Cb')).status).toBe(200);
    expect(fault.hits).toBe(3);
    double().faults.add(commonFaults.withText('title=x', 400, 'GET'));
    expect((await send(double(), 'GET', '/library/sections/4/all?type=1&title=x')).status).toBe(400);
  });

  it('refuse URLs above a length, and so may the server itself with any of its statuses (PD-9.13)', async () => {
    double().library.addItem('4', { title: 'One', file: '/data/clips/1.mkv' });
    const long = (bytes: number) => `${EDIT}&x=`.padEnd(bytes, 'x');
    double().faults.add(commonFaults.longUrls(2000));
    expect((await send(double(), 'PUT', long(2001))).status).toBe(404);
    expect(title()).toBe('One');
    expect((await send(double(), 'PUT', long(2000))).status).toBe(200);
    double().faults.clear();
    double().faults.add(commonFaults.longUrls(2000, 414));
    expect((await send(double(), 'GET', long(2001))).status).toBe(414);
    double().faults.clear();
    for (const overlong of [403, 404, 413] as const) {
      double().switches.overlong = overlong;
      expect((await send(double(), 'PUT', long(9000))).status).toBe(overlong);
    }
  });

  it('can be 422 and 498, with a page that says so (PD-9.7)', async () => {
    for (const [status, reason] of [
      [422, 'Unprocessable Entity'],
      [498, 'Token Expired'],
    ] as const) {
      double().faults.add({ times: 1, action: { kind: 'status', status } });
      const answer = await send(double(), 'GET', '/library/sections');
      expect(answer.status).toBe(status);
      expect(answer.text).toContain(`<h1>${status} ${reason}</h1>`);
    }
  });
});
