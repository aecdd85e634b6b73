import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const MAC_BYTES = 32;

/** URL-safe base64 that keeps its padding, as Go writes it. */
function urlSafe(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

/** Mints and checks session cookies: stateless, signed with a time stamp, valid for a while after they were made. */
export class SessionCookies {
  readonly #now: () => number;
  #secret = randomBytes(32);

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A fresh cookie value with some content. */
  mint(content = '{}'): string {
    const seconds = Math.floor(this.#now() / 1000);
    const signed = `${seconds}|${urlSafe(Buffer.from(content))}|`;
    return urlSafe(Buffer.concat([Buffer.from(signed), this.#mac(signed)]));
  }

  /** Makes all cookies so far worthless, as a change of the user name or password does. */
  revoke(): void {
    this.#secret = randomBytes(32);
  }

  /** The content of a cookie value, or undefined if it is forged or older than `maxAgeSecs`. */
  open(value: string, maxAgeSecs: number): string | undefined {
    const bytes = Buffer.from(value, 'base64url');
    const mac = bytes.subarray(-MAC_BYTES);
    const signed = bytes.subarray(0, -MAC_BYTES).toString('utf8');
    if (mac.length !== MAC_BYTES || !timingSafeEqual(mac, this.#mac(signed))) return undefined;
    const [seconds = '0', content = ''] = signed.split('|');
    if (Number(seconds) + maxAgeSecs < Math.floor(this.#now() / 1000)) return undefined;
    return Buffer.from(content, 'base64url').toString('utf8');
  }

  #mac(signed: string): Buffer {
    return createHmac('sha256', this.#secret).update(`session|${signed}`).digest();
  }
}
