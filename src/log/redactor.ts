const MASK = '****';
/** Shorter texts are no secrets worth hiding, and masking them would garble every line. */
const MIN_SECRET_LENGTH = 4;

/** Keeps secrets out of everything that is logged or answered. Secrets are added as they become known. */
export interface Redactor {
  add(secret: string | undefined): void;
  redact(text: string): string;
}

/** A redactor that knows no secret yet. It also masks what looks like a credential in an address. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  let longestFirst: string[] = [];
  return {
    add(secret) {
      if (!secret || secret.length < MIN_SECRET_LENGTH) return;
      secrets.add(secret);
      secrets.add(encodeURIComponent(secret.toWellFormed()));
      // A secret that begins with another one is masked as a whole.
      longestFirst = [...secrets].sort((left, right) => right.length - left.length);
    },
    redact(text) {
      let clean = text;
      for (const secret of longestFirst) clean = clean.replaceAll(secret, MASK);
      return clean
        .replace(/((?:X-Plex-Token|apikey)=)[^&\s"'\\]+/gi, `$1${MASK}`)
        .replace(/(https?:\/\/)[^/\s@"'\\]+@/gi, `$1${MASK}@`);
    },
  };
}
