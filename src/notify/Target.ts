/** Services whose form of a message is known; `JSON` is everybody else. */
export type Service = 'Discord' | 'ntfy' | 'Gotify' | 'Apprise' | 'JSON';

/** Where notifications go, as it was recognised in an address of the setting `notify_url`. */
export interface Target {
  service: Service;
  /** Host and port: all of the address that may be shown. */
  host: string;
  /** What is asked: without login and token, which go in headers. */
  url: string;
  /** Credentials. */
  headers: Readonly<Record<string, string>>;
  /** Of ntfy. */
  topic?: string;
  /** Of Apprise: which of the configured services. */
  tag?: string;
  /** Parts of the address that must not appear anywhere. */
  secrets: readonly string[];
}

/** A target in words. */
export function nameOf({ service, host }: Pick<Target, 'service' | 'host'>): string {
  return service === 'JSON' ? `the receiver at ${host}` : `${service} at ${host}`;
}
