import type { Reply } from './Reply.ts';

const SHORT_ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** The reply with every control character of its texts written as it is: no JSON any more, when there is one (9.13). */
export function withRawControls(reply: Reply): Reply {
  if (reply.contentType !== 'application/json') return reply;
  // An escaped backslash is matched as a whole, so that what follows it is not taken for its escape.
  const body = String(reply.body).replace(
    /\\(?:u00([01][0-9a-f])|(.))/g,
    (escaped: string, code: string | undefined, letter: string | undefined) =>
      code === undefined
        ? (SHORT_ESCAPES[letter ?? ''] ?? escaped)
        : String.fromCharCode(Number.parseInt(code, 16)),
  );
  return { ...reply, body };
}
