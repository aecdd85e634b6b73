/** `fail "…"`, `log w "…"`, `missing="…"` of a POSIX script; `"error":"…"` of one for Windows. */
const SAYS = /(?:\bfail|\blog [we]|\bmissing=) ?"((?:[^"\\]|\\.)*)"|"error":"([^"]*)"/g;
const VARIABLE = /\$\{?\w+\}?|\$\([^)]*\)|%\w+%/g;

/** What a script says of trouble; `…` stands for what is put in. What only passes on another's sentence is none. */
export function shellSentences(script: string): string[] {
  return [...script.matchAll(SAYS)]
    .map(([, posix = '', windows = '']) =>
      (posix || windows).replaceAll('\\"', '"').replace(VARIABLE, '…').trim(),
    )
    .filter((text) => (text.match(/[a-z]{2,}/gi) ?? []).length > 3);
}
