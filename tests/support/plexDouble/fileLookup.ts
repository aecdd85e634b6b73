import { baseName, type ItemRecord } from './ItemRecord.ts';
import type { LibraryState } from './LibraryState.ts';
import type { PlexSwitches } from './PlexSwitches.ts';
import type { SectionRecord } from './SectionRecord.ts';

/** Items of a section that `file=` finds (row 7); see the switch `fileMatch` for how. */
export function fileLookup(
  state: LibraryState,
  section: SectionRecord,
  value: string,
  switches: PlexSwitches,
): ItemRecord[] {
  const wanted = switches.fileCommaIsOr ? value.split(',') : [value];
  const found = new Set(wanted.flatMap((name) => lookup(state, section, name, switches.fileMatch)));
  return [...found];
}

function lookup(
  state: LibraryState,
  section: SectionRecord,
  value: string,
  match: PlexSwitches['fileMatch'],
): ItemRecord[] {
  // No array per item: a miss goes over the whole section.
  const holds = ({ media }: ItemRecord) =>
    media.some(({ parts }) => parts.some(({ file }) => file.includes(value)));
  if (match !== 'substring') {
    const name = match === 'equality' ? value : baseName(value);
    const indexed = state
      .byBaseName(name)
      .filter((record) => record.sectionKey === section.key && (match === 'equality' || holds(record)));
    if (match === 'equality' || indexed.length > 0) return indexed;
  }
  return [...section.items.values()].filter(holds);
}
