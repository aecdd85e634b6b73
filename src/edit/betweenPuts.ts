import type { PlexItem } from '../plex/PlexItem.ts';
import type { FieldSnapshot } from '../queue/ItemSnapshot.ts';
import { type EditRequest, pairsOf } from './EditRequest.ts';
import { editEffect } from './editEffect.ts';
import { fingerprint } from './fieldValue.ts';

/**
 * Adds to what counts as the plugin's own what lists hold between the PUTs of an edit: whoever is interrupted there must not take a half
 * list for somebody's. Pure.
 *
 * @returns undefined when nothing lies between.
 */
export function betweenPuts(
  item: PlexItem,
  fields: Readonly<Record<string, FieldSnapshot>>,
  requests: readonly EditRequest[],
): Record<string, FieldSnapshot> | undefined {
  const result = { ...fields };
  let isAny = false;
  for (let sent = 1; sent < requests.length; sent += 1) {
    const later = new Set(requests.slice(sent).flatMap((request) => request.map(({ field }) => field)));
    const edits = requests.slice(0, sent).map(pairsOf);
    for (const reading of ['add', 'replace'] as const) {
      for (const [field, value] of editEffect(item, edits, reading)) {
        const snapshot = result[field];
        const mark = fingerprint(field, value);
        if (!snapshot || !later.has(field) || snapshot.ours.includes(mark)) continue;
        result[field] = { ...snapshot, ours: [...snapshot.ours, mark] };
        isAny = true;
      }
    }
  }
  return isAny ? result : undefined;
}
