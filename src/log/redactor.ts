const MASK = '****';
/** Shorter texts are no secrets worth hiding, and masking them would garble every line. */
const MIN_SECRET_LENGTH = 4;

/** Keeps secrets out of everything that is logged or answered. Secrets are added as they become known. */
export interface Redactor {
  add(secret: string | undefined): void;
  /** For a secret that changes all the time: each line is searched for every one that is known. */
  forget(secret: string): void;
  redact(text: string): string;
}

/** A redactor that knows no secret yet. It also masks what looks like a credential in an address. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  let longestFirst: string[] = [];
  const forms = (secret: string) => [secret, encodeURIComponent(secret.toWellFormed())];
  // A secret that begins with another one is masked as a whole.
  const sort = () => {
    longestFirst = [...secrets].sort((left, right) => right.length - left.length);
  };
  return {
    add(secret) {
      if (!secret || secret.length < MIN_SECRET_LENGTH) return;
      for (const form of forms(secret)) secrets.add(form);
      sort();
    },
    forget(secret) {
      for (const form of forms(secret)) secrets.delete(form);
      sort();
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
