import { readFileSync } from 'node:fs';

const RECORDING = new URL('../../fixtures/stash-0.30.1-hook-inputs.txt', import.meta.url);

/** One `hookContext` that a real Stash 0.30.1 sent. */
export interface RecordedHook {
  /** What was done in Stash. */
  readonly done: string;
  readonly id: number;
  readonly type: string;
  readonly input: unknown;
  readonly inputFields: readonly string[];
  /** The document as recorded; one with a long cover was cut in the middle of it. */
  readonly text: string;
}

/** What comes before the cover, as a document of its own. */
function withoutCut(text: string): string {
  const cut = text.indexOf(',"cover_image":"');
  return text.includes('…') && cut !== -1 ? `${text.slice(0, cut)}}}` : text;
}

/** The recording in order: a line `## what was done`, then one document. */
export function readRecordedHooks(): RecordedHook[] {
  const lines = readFileSync(RECORDING, 'utf8').split('\n');
  return lines.flatMap((text, position) => {
    if (!text.startsWith('{')) return [];
    const { id, type, input, inputFields = [] } = JSON.parse(withoutCut(text));
    return [{ done: lines[position - 1]?.slice('## '.length) ?? '', id, type, input, inputFields, text }];
  });
}
