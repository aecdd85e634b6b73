import type { Agent, Dispatcher } from 'undici';

/** What a request may say, beside its address. */
type RequestOptions = Omit<Dispatcher.RequestOptions, 'origin' | 'path'>;

/** Connections to one server. */
export interface HttpAgent {
  /** Resolves when requests can be sent; for whoever reckons a deadline from then on. */
  load(): Promise<void>;
  /** Sends a request and resolves with the head of its answer. @throws the HTTP library's errors */
  request(url: string, options: RequestOptions): Promise<Dispatcher.ResponseData>;
  /** Breaks every connection off, and refuses what is asked from then on. */
  close(): Promise<void>;
}

/** The HTTP library is loaded with the first request: it is half of a task's start, and one that only looks makes no request. */
export function openHttpAgent(options: Agent.Options): HttpAgent {
  let library: typeof import('undici') | undefined;
  let agent: Agent | undefined;
  let isClosed = false;
  // What fails once may work the next time, so only the library itself is kept.
  const load = async () => {
    library ??= await import('undici');
    return library;
  };
  return {
    async load() {
      await load();
    },
    async request(url, request) {
      const undici = await load();
      if (isClosed) throw new undici.errors.ClientDestroyedError();
      agent ??= new undici.Agent(options);
      return undici.request(url, { ...request, dispatcher: agent });
    },
    async close() {
      isClosed = true;
      await agent?.destroy();
    },
  };
}
