/**
 * Reads Plex's JSON. Some servers write a raw control character that stands in a title or a path as it is, which makes the whole
 * document no JSON (plex-http-api.md 9.13): it is escaped then, so that the text is read exactly as Plex has it.
 *
 * @throws SyntaxError when it is no JSON for another reason.
 */
export function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!CONTROL.test(text)) throw cause;
    return JSON.parse(text.replace(STRING, (string) => string.replace(CONTROLS, escaped)));
  }
}

const CONTROL = /\p{Cc}/u;
const CONTROLS = /\p{Cc}/gu;
/** A whole string; unrolled, so that a long one takes no stack. */
const STRING = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/g;

function escaped(control: string): string {
  return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
