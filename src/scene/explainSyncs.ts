import type { EditMemory } from '../edit/EditMemory.ts';
import { fieldWord, fieldWords } from '../edit/fieldWords.ts';
import { counted } from '../log/counted.ts';
import type { RecordedSync, SceneRecord } from '../queue/sceneRecord.ts';
import { localTime } from './localTime.ts';

/** An item's last syncs. */
export interface ExplainedSync {
  /** When it was last right. */
  atMs: number;
  ratingKey: string;
  /** What the last sync wrote that wrote anything, and when; none and null where that was not noted. */
  fields: string[];
  writtenAtMs: number | null;
}

/** The figures of {@link syncSentences}. */
export function explainSyncs({ syncs }: SceneRecord): ExplainedSync[] {
  return syncs.map(({ syncedAtMs, ratingKey, written: { wrote } }) => ({
    atMs: syncedAtMs,
    ratingKey,
    fields: wrote?.fields.map(fieldWord) ?? [],
    writtenAtMs: wrote?.atMs ?? null,
  }));
}

/** What the last syncs of a scene left, a sentence for each item. Pure. */
export function syncSentences(record: SceneRecord): string[] {
  const { syncs, syncedByPythonAtMs } = record;
  const python =
    syncedByPythonAtMs === undefined
      ? []
      : [`The Python plugin synced it on ${localTime(syncedByPythonAtMs)}, and did not note to which item.`];
  if (syncs.length === 0) return python.length > 0 ? python : ['It was never synced.'];
  return [...syncs.map(syncSentence), ...python];
}

function syncSentence({ ratingKey, syncedAtMs, written }: RecordedSync): string {
  const memory: EditMemory = written;
  const { wrote, outstanding = [] } = memory;
  const what = wrote
    ? `The last sync that wrote to Plex item ${ratingKey} was on ${localTime(wrote.atMs)}: ${fieldWords(wrote.fields)}.`
    : `Plex item ${ratingKey} was last synced on ${localTime(syncedAtMs)}; what was written then was not noted.`;
  const right =
    wrote && syncedAtMs > wrote.atMs + 1_000 ? ` It was last found right on ${localTime(syncedAtMs)}.` : '';
  const own = ownParts(memory);
  const kept = own === '' ? '' : ` The plugin knows ${own} there as its own.`;
  const refused = outstanding.length > 0 ? ` Plex refused ${fieldWords(outstanding)}.` : '';
  const restored = written.restored
    ? ' It was restored since, and is left so until the scene is synced again.'
    : '';
  return `${what}${right}${kept}${refused}${restored}`;
}

/** What the plugin would take away again. */
function ownParts(memory: EditMemory): string {
  const { genres = [], actors = [], directors = [], labels = [], posterHash, artHash, userRating } = memory;
  const { collection, parentCollections = [], groupCollections = [], sortTitles = [] } = memory;
  const collections = [
    ...(collection === undefined ? [] : [collection]),
    ...parentCollections,
    ...groupCollections,
  ];
  const parts = [
    ...(genres.length > 0 ? [counted(genres.length, 'tag')] : []),
    ...(actors.length > 0 ? [counted(actors.length, 'performer')] : []),
    ...(directors.length > 0 ? [counted(directors.length, 'director')] : []),
    ...(labels.length > 0 ? [counted(labels.length, 'label')] : []),
    ...(collections.length > 0
      ? [collections.length === 1 ? 'the collection' : `${collections.length} collections`]
      : []),
    ...(sortTitles.length > 0 ? ['the sort title'] : []),
    ...(userRating === undefined ? [] : ['the rating']),
    ...(posterHash === undefined ? [] : ['the poster']),
    ...(artHash === undefined ? [] : ['the background']),
  ];
  return [parts.slice(0, -1).join(', '), parts.at(-1)].filter(Boolean).join(' and ');
}
