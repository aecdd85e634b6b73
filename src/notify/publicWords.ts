import type { Redactor } from '../log/redactor.ts';

/**
 * A sentence of the plugin's as it may leave the house: without secrets and addresses. The names in it (of libraries) are quoted or listed in
 * brackets, and go as well when the user hides names.
 *
 * @param hidesNames the setting `obfuscate_paths`.
 */
export function publicWords(
  sentence: string,
  redactor: Pick<Redactor, 'redact'>,
  hidesNames: boolean,
): string {
  const bare = redactor
    .redact(sentence)
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>()]*[^\s"'<>().,;:]/gi, 'its address');
  if (!hidesNames) return bare;
  // A name may hold quotes and brackets itself: rather too much is hidden.
  return bare
    .replace(/".*"/gs, '"…"')
    .replace(/\(it has .*\)/gs, '(it has others)')
    .replace(/(^|[\s(])(?:[a-z]:)?[\\/][^\s()]*[^\s().,;:]/gi, '$1…');
}
