import { type FilterKind, type Modifier, unsupportedModifier } from './compareCriterion.ts';
import type { FileFilter, SceneFilter } from './matchScene.ts';

const ORDERED: readonly Modifier[] = [
  'EQUALS',
  'NOT_EQUALS',
  'GREATER_THAN',
  'LESS_THAN',
  'BETWEEN',
  'NOT_BETWEEN',
  'IS_NULL',
  'NOT_NULL',
];
const TEXT: readonly Modifier[] = [
  'EQUALS',
  'NOT_EQUALS',
  'INCLUDES',
  'EXCLUDES',
  'MATCHES_REGEX',
  'NOT_MATCHES_REGEX',
  'IS_NULL',
  'NOT_NULL',
];
const LINK: readonly Modifier[] = ['EQUALS', 'NOT_EQUALS', 'IS_NULL', 'NOT_NULL'];
const SUPPORTED: Readonly<Record<FilterKind, readonly Modifier[]>> = {
  text: TEXT,
  number: ORDERED,
  date: ORDERED,
  related: ['INCLUDES', 'INCLUDES_ALL', 'EXCLUDES', 'IS_NULL', 'NOT_NULL'],
};

type Filtered = { readonly modifier: Modifier } | null | undefined;

function requireSupported(kind: FilterKind, ...criteria: readonly Filtered[]): void {
  for (const criterion of criteria) {
    if (criterion != null && !SUPPORTED[kind].includes(criterion.modifier))
      throw unsupportedModifier(kind, criterion.modifier);
  }
}

function checkFileFilter(filter: FileFilter): void {
  requireSupported('text', filter.path);
  requireSupported('date', filter.mod_time, filter.created_at, filter.updated_at);
}

/**
 * Checks what the schema cannot, before any scene is looked at: every field knows its modifier (Stash panics otherwise),
 * and at most one of `AND`, `OR`, `NOT` is set per level. Throws if not.
 */
export function checkSceneFilter(filter: SceneFilter): void {
  requireSupported('number', filter.id, filter.rating100, filter.file_count);
  requireSupported('date', filter.date, filter.created_at, filter.updated_at);
  requireSupported('text', filter.title, filter.path);
  requireSupported('related', filter.tags, filter.performers, filter.studios);
  const link = filter.stash_id_endpoint;
  if (link != null && !LINK.includes(link.modifier)) throw unsupportedModifier('related', link.modifier);
  if (filter.files_filter != null) checkFileFilter(filter.files_filter);
  const nested = [filter.AND, filter.OR, filter.NOT].filter((inner) => inner != null);
  if (nested.length > 1) throw new Error('only one of AND, OR, NOT may be set');
  for (const inner of nested) checkSceneFilter(inner);
}
