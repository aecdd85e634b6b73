import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Largest head Node itself lets through; the limit that counts is the switch `maxRequestLine`. */
const MAX_HEAD_BYTES = 4 * 1024 * 1024;

/** A listening socket that can go away and come back at the same port, as a server does. */
export class Listener {
  port: number;
  /** Connections accepted so far. */
  connections = 0;
  /** How often it went away. */
  outages = 0;
  readonly #onRequest: RequestListener;
  readonly #keepAliveMs: () => number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(port: number, onRequest: RequestListener, keepAliveMs: () => number) {
    this.port = port;
    this.#onRequest = onRequest;
    this.#keepAliveMs = keepAliveMs;
  }

  /** Starts to listen, unless it does; on the port of last time. */
  async listen(): Promise<void> {
    if (this.#server !== undefined) return;
    const options = { maxHeaderSize: MAX_HEAD_BYTES, requestTimeout: 0, keepAliveTimeoutBuffer: 0 };
    const server = createServer(options, (request, response) => {
      // Read by Node when the answer is out, so a switch that was just set counts (row 3).
      server.keepAliveTimeout = this.#keepAliveMs();
      this.#onRequest(request, response);
    });
    server.on('connection', (socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', () => resolve());
    });
    this.#server = server;
    const address = server.address() as AddressInfo | null;
    this.port = address?.port ?? this.port;
  }

  /** Refuses connections from now on and cuts those there are. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    this.outages += 1;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
