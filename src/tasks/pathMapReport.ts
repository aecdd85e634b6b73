import { counted } from '../log/counted.ts';
import type { SampleFindings } from '../setup/sampleScenes.ts';
import type { PathMapReport } from './pageReports.ts';

/** Misses that are told one by one. */
const MOST_MISSES = 20;

/** What a sample of scenes came to, as the page in Stash gets it. */
export function pathMapReport(sample: SampleFindings): PathMapReport {
  const { scenesTried, matched, proposal, pairs, examples, misses } = sample;
  return {
    summary: summaryOf(sample),
    scenesTried,
    matched,
    proposal,
    pairs,
    examples: examples.map(({ expectedNow, expectedThen, ...example }) => ({
      ...example,
      now: expectedNow,
      // biome-ignore lint/suspicious/noThenProperty: a text, which nobody can take for a promise, and the page's own word.
      then: expectedThen,
    })),
    misses: misses.slice(0, MOST_MISSES),
  };
}

function summaryOf({ scenesTried, matched, proposal, fixed, surer }: SampleFindings): string {
  if (scenesTried === 0) return 'Stash has no scene with a file yet, so nothing could be looked up.';
  const found = matched.path + matched.name;
  const start = `${found} of ${counted(scenesTried, 'scene')} have an item in Plex`;
  if (proposal === '') return `${start}; no other path_map would match more.`;
  const gains = [
    ...(fixed > 0 ? [`find ${fixed} more`] : []),
    ...(surer > 0 ? [`find ${surer} by the whole path`] : []),
  ];
  return `${start}; another path_map would ${gains.join(' and ')}.`;
}
