import { expect, it } from 'vitest';
import { createRedactor } from '../../src/log/redactor.ts';
import { publicWords } from '../../src/notify/publicWords.ts';

it.each([
  [
    'Plex does not answer at http://192.168.1.10:32400 (ECONNREFUSED).',
    'Plex does not answer at its address (ECONNREFUSED).',
    'Plex does not answer at its address (ECONNREFUSED).',
  ],
  [
    "The certificate of https://[::1]:32400 is not accepted (X): use the server's plex.direct address or plain http.",
    "The certificate of its address is not accepted (X): use the server's plex.direct address or plain http.",
    "The certificate of its address is not accepted (X): use the server's plex.direct address or plain http.",
  ],
  [
    'plex_library: Plex has no library "My "best"" (it has Films, Home (old) clips).',
    'plex_library: Plex has no library "My "best"" (it has Films, Home (old) clips).',
    'plex_library: Plex has no library "…" (it has others).',
  ],
  [
    'GET /library/sections/1/all was not answered by Plex but by a web page.',
    'GET /library/sections/1/all was not answered by Plex but by a web page.',
    'GET … was not answered by Plex but by a web page.',
  ],
  ['It sent s3cret-t0ken along.', 'It sent **** along.', 'It sent **** along.'],
])('%s', (sentence, shown, hidden) => {
  const redactor = createRedactor();
  redactor.add('s3cret-t0ken');
  expect(publicWords(sentence, redactor, false)).toBe(shown);
  expect(publicWords(sentence, redactor, true)).toBe(hidden);
});
