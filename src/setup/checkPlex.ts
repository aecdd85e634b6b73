import type { Settings } from '../config/settings.ts';
import { counted } from '../log/counted.ts';
import type { LibraryFinding, PlexFindings } from './inspectPlex.ts';
import { linesOf, type SetupLine } from './setupLines.ts';

const plex = linesOf('Plex');
const libraries = linesOf('Libraries');

/** What was found out about Plex, line by line. */
export function checkPlex(findings: PlexFindings, { plex_url }: Pick<Settings, 'plex_url'>): SetupLine[] {
  const { isReached, isAccepted, isOwner, trouble, plexVersion, latencyMs } = findings;
  const found: SetupLine[] = [];
  if (isReached) {
    found.push(plex.ok('Reached', `${plexVersion} at ${plex_url}, in ${(latencyMs ?? 0).toFixed(0)} ms`));
  } else if (trouble) return [plex.problem('Reached', trouble.message, trouble.remedy)];
  if (isAccepted) found.push(plex.ok('Token', 'accepted'));
  else if (trouble) return [...found, plex.problem('Token', trouble.message, trouble.remedy)];
  if (isOwner) found.push(plex.ok('Owner', 'Plex shows where its files are'));
  else if (isOwner === null && !trouble)
    found.push(plex.info('Owner', 'not known before Plex has an item to show'));
  if (trouble) {
    const lines = trouble.remedy === 'noLibrary' || trouble.remedy === 'libraryName' ? libraries : plex;
    const name = isOwner === false ? 'Owner' : lines === libraries ? 'plex_library' : 'Answers';
    found.push(lines.problem(name, trouble.message, trouble.remedy));
  }
  return [...found, ...findings.libraries.map(libraryLine)];
}

function libraryLine({ title, type, agent, items, isUsable, isSynced }: LibraryFinding): SetupLine {
  const what = [type, agent || 'no agent', ...(items === null ? [] : [counted(items, 'item')])].join(', ');
  if (!isUsable) return libraries.info(title, `${what}: not used, it holds no films or other videos`);
  if (!isSynced) return libraries.info(title, `${what}: not used, plex_library does not name it`);
  return items === 0
    ? libraries.warning(title, `${what}: used, and empty.`, 'emptyLibrary')
    : libraries.ok(title, `${what}: used`);
}
