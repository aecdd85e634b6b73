import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { networkErrorKind } from '../../src/http/networkError.ts';
import { openHttpAgent } from '../../src/http/openHttpAgent.ts';

async function startServer(): Promise<{ url: string; connections: () => number }> {
  let connections = 0;
  const server = createServer((_request, response) => response.end('here'));
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
  };
}

describe('an HTTP agent', () => {
  it('keeps its connection from one request to the next, also from requests at the same time at its start', async () => {
    const { url, connections } = await startServer();
    const agent = openHttpAgent({ connections: 1 });
    const ask = async () => (await agent.request(url, { method: 'GET' })).body.text();
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(['here', 'here', 'here']);
    expect(await ask()).toBe('here');
    expect(connections()).toBe(1);
    await agent.close();
  });

  it('refuses what is asked after its end, whether it was ever used or not', async () => {
    const { url, connections } = await startServer();
    const unused = openHttpAgent({});
    await unused.close();
    const used = openHttpAgent({});
    await (await used.request(url, { method: 'GET' })).body.dump();
    await used.close();
    for (const agent of [unused, used]) {
      const error: unknown = await agent.request(url, { method: 'GET' }).catch((thrown: unknown) => thrown);
      expect(networkErrorKind(error)).toBe('interrupted');
    }
    expect(connections()).toBe(1);
  });
});
