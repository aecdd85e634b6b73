import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type PlexDouble, startPlexDouble } from './startPlexDouble.ts';
import { getContainer, send, until } from './testClient.ts';
import { useDouble } from './useDouble.ts';

const double = useDouble();

/** GETs /identity over an agent and resolves with the status once the body is read. */
function identityOver(agent: Agent, target: PlexDouble): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { Accept: 'application/json' };
    request({ agent, host: '127.0.0.1', port: target.port, path: '/identity', headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    })
      .on('error', reject)
      .end();
  });
}

describe('connections', () => {
  it('are kept open over many requests (PD-3)', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let count = 0; count < 20; count += 1) expect(await identityOver(agent, double())).toBe(200);
    agent.destroy();
    expect(double().connections).toBe(1);
    expect(double().log.count()).toBe(20);
  });

  it('are really closed when idle too long, whatever the header promised (PD-3)', async () => {
    double().switches.keepAliveTimeoutMs = 30;
    const socket = connect(double().port, '127.0.0.1');
    let received = '';
    socket.on('data', (piece) => {
      received += piece.toString();
    });
    socket.write('GET /identity HTTP/1.1\r\nHost: plex\r\nAccept: application/json\r\n\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
    expect(received).toContain('Keep-Alive: timeout=20');
  });

  it('are refused in an outage and taken again at the same port with the state kept (PD-23)', async () => {
    double().library.addItem('4', { title: 'One', file: '/data/clips/1.mkv' });
    double().faults.add({ match: { method: 'PUT' }, action: { kind: 'delay', ms: 1000 } });
    const edit = '/library/sections/4/all?type=1&id=801&title.value=Two';
    const cut = expect(send(double(), 'PUT', edit)).rejects.toThrow(/hang up|ECONNRESET/);
    await until(() => double().log.entries[0]?.fault !== undefined);
    await double().stop();
    await cut;
    await double().stop();
    await expect(send(double(), 'GET', '/identity')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    double().advance(1000);
    await double().start();
    expect(await getContainer(double(), '/library/sections')).toMatchObject({ size: 1 });
    // What was under way when the server went down has not happened.
    expect(double().library.item('801')?.title).toBe('One');
  });

  it('answer as slowly as the switches say (PD-24)', async () => {
    double().library.addItem('4', { title: 'One', file: '/data/clips/1.mkv' });
    double().switches.latencyMs = 5;
    double().switches.tagWriteLatencyMs = 10;
    double().switches.unpagedListLatencyMs = 40;
    const paging = { headers: { 'X-Plex-Container-Start': '0', 'X-Plex-Container-Size': '5' } };
    await send(double(), 'GET', '/library/sections/4/all?type=1', paging);
    await send(
      double(),
      'PUT',
      '/library/sections/4/all?type=1&id=801&genre[0].tag.tag=A&genre[].tag.tag-=B,C',
    );
    await send(double(), 'GET', '/library/sections/4/all?type=1');
    const took = double().log.entries.map(({ atMs, doneMs = 0 }) => doneMs - atMs);
    const [paged = 0, tags = 0, unpaged = 0] = took;
    expect(paged).toBeGreaterThanOrEqual(4);
    expect(tags).toBeGreaterThanOrEqual(34);
    expect(unpaged).toBeGreaterThanOrEqual(44);
  });

  it('go to a double with the given port, tokens and identity (PD-1)', async () => {
    const { port } = double();
    await double().close();
    const other = await startPlexDouble({ port, token: 'mine', machineIdentifier: 'abc', latencyMs: 1 });
    try {
      expect(other).toMatchObject({ port, url: `http://127.0.0.1:${port}`, token: 'mine' });
      expect(await getContainer(other, '/')).toMatchObject({
        machineIdentifier: 'abc',
        friendlyName: 'Plex double',
      });
      await expect(startPlexDouble({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    } finally {
      await other.close();
    }
  });
});
