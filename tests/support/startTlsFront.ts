import { type AddressInfo, connect } from 'node:net';
import { createServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import { SELF_SIGNED } from './selfSigned.ts';

/**
 * Puts TLS with a self-signed certificate of another name in front of a server on this machine, as a Plex that is addressed by
 * its IP address has it. Gone after the test.
 *
 * @returns the port for https.
 */
export async function startTlsFront(port: number): Promise<number> {
  const server = createServer(SELF_SIGNED, (outside) => {
    const inside = connect(port, '127.0.0.1');
    outside.on('error', () => inside.destroy());
    inside.on('error', () => outside.destroy());
    outside.pipe(inside).pipe(outside);
  });
  // A client that does not accept the certificate breaks off.
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
