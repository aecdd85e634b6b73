import { counted } from '../log/counted.ts';
import type { SampleFindings } from './sampleScenes.ts';
import { linesOf, type SetupLine } from './setupLines.ts';

const lines = linesOf('Matching');

/** What a sample of scenes says about the settings. @param isHiding the setting `obfuscate_paths`: no path may be shown */
export function checkMatching(findings: SampleFindings, isHiding: boolean): SetupLine[] {
  const { scenesTried, leftOut, matched, proposal } = findings;
  if (scenesTried === 0) return [lines.info('Scenes', 'Stash has no scene with a file yet')];
  const misses = matched.ambiguous + matched.none;
  const rest = leftOut > 0 ? `; ${leftOut} more would have been too many questions` : '';
  const counts = [
    `by the whole path ${matched.path}`,
    `by name ${matched.name}`,
    `in doubt ${matched.ambiguous}`,
    `without an item ${matched.none}`,
  ].join(', ');
  return [
    lines.ok(
      'Scenes',
      `${counted(scenesTried, 'scene')} of Stash, chosen at random, looked up in Plex${rest}`,
    ),
    misses === 0 ? lines.ok('Found', counts) : lines.warning('Found', `${counts}.`, 'misses'),
    proposal === ''
      ? lines.ok('path_map', 'no other value would match more')
      : proposalLine(findings, isHiding),
  ];
}

function proposalLine({ proposal, fixed, surer, matched }: SampleFindings, isHiding: boolean): SetupLine {
  const gains = [
    ...(fixed > 0 ? [`find ${fixed} of the ${matched.ambiguous + matched.none} that have no item`] : []),
    ...(surer > 0 ? [`find ${surer} by the whole path that are found by name`] : []),
  ].join(', and ');
  const value = isHiding ? 'Another value (switch obfuscate_paths off for a while to see it)' : proposal;
  const text = `${value} would ${gains}.`;
  return fixed > 0 ? lines.warning('path_map', text, 'pathMap') : lines.info('path_map', text, 'pathMap');
}
