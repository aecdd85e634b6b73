import * as z from 'zod/mini';
import { StashError } from './StashError.ts';
import type { GraphqlAnswer } from './walkScenes.ts';

/** What Stash keeps in a hierarchy. */
export type FamilyKind = 'tag' | 'studio';

/** Tags or studios with everything below them. */
export interface Family {
  ids: ReadonlySet<number>;
  /** Entries that Stash knows nothing of, as they were given. */
  unknown: readonly string[];
}

const ENTRIES_PER_REQUEST = 50;
const PARENTS_PER_REQUEST = 500;
/** All at once: by default Stash lists 25. */
const ALL = '{ per_page: -1 }';

/** Stash's words for each kind. */
const WORDS = {
  tag: { one: 'findTag', many: 'findTags', list: 'tags', filter: 'tag_filter' },
  studio: { one: 'findStudio', many: 'findStudios', list: 'studios', filter: 'studio_filter' },
} as const;

const rowSchema = z.object({ id: z.string(), name: z.string() });
const listsSchema = z.record(
  z.string(),
  z.nullish(
    z.union([rowSchema, z.object({ tags: z.array(rowSchema) }), z.object({ studios: z.array(rowSchema) })]),
  ),
);
type Row = z.infer<typeof rowSchema>;

/**
 * Finds tags or studios by name or id, and all that are below them, one request a generation. Names are compared as Stash does it when
 * it keeps them apart: the case of Latin letters does not count. A number is an id, or a name where there is no such id.
 *
 * @throws StashError also when Stash fails at one entry only: what could not be asked is not taken for unknown.
 */
export async function findFamily(
  kind: FamilyKind,
  entries: readonly string[],
  ask: (document: string, variables: object) => Promise<GraphqlAnswer>,
): Promise<Family> {
  const ids = new Set<number>();
  const unknown: string[] = [];
  for (let start = 0; start < entries.length; start += ENTRIES_PER_REQUEST) {
    const portion = entries.slice(start, start + ENTRIES_PER_REQUEST);
    const answers = rowsOf(await ask(...entriesQuery(kind, portion)));
    for (const [index, entry] of portion.entries()) {
      const byId = answers.get(`i${index}`) ?? [];
      const byName = FORMS.flatMap((_, form) => answers.get(`n${index}_${form}`) ?? []);
      const found = byId.length > 0 ? byId : byName.filter(({ name }) => folded(name) === folded(entry));
      if (found.length === 0) unknown.push(entry);
      for (const { id } of found) ids.add(Number(id));
    }
  }
  for (let generation = [...ids]; generation.length > 0; ) {
    const children = await childrenOf(kind, generation, ask);
    generation = children.filter((id) => !ids.has(id));
    for (const id of generation) ids.add(id);
  }
  return { ids, unknown };
}

/** Letters beyond ASCII may be stored in either normal form. */
const FORMS = [(name: string) => name.normalize('NFC'), (name: string) => name.normalize('NFD')];

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

function entriesQuery(kind: FamilyKind, entries: readonly string[]): [document: string, variables: object] {
  const { one, many, list, filter } = WORDS[kind];
  const variables: Record<string, string> = {};
  const fields = entries.flatMap((entry, index) => {
    const byName = [...new Set(FORMS.map((form) => form(entry)))].map((name, form) => {
      variables[`n${index}_${form}`] = name;
      // For Stash "equals" is SQL's `LIKE`: it may find others as well.
      const where = `${filter}: { name: { value: $n${index}_${form}, modifier: EQUALS } }`;
      return `n${index}_${form}: ${many}(${where}, filter: ${ALL}) { ${list} { id name } }`;
    });
    const isNumber = /^[1-9]\d{0,8}$/.test(entry);
    return isNumber ? [`i${index}: ${one}(id: ${Number(entry)}) { id name }`, ...byName] : byName;
  });
  const declared = Object.keys(variables).map((name) => `$${name}: String!`);
  return [`query Stash2PlexNamed(${declared.join(', ')}) {\n${fields.join('\n')}\n}`, variables];
}

async function childrenOf(
  kind: FamilyKind,
  parents: readonly number[],
  ask: (document: string, variables: object) => Promise<GraphqlAnswer>,
): Promise<number[]> {
  const { many, list, filter } = WORDS[kind];
  const document = `query Stash2PlexBelow($ids: [ID!]) {
    children: ${many}(${filter}: { parents: { value: $ids, modifier: INCLUDES } }, filter: ${ALL}) { ${list} { id name } }
  }`;
  const children = new Set<number>();
  for (let start = 0; start < parents.length; start += PARENTS_PER_REQUEST) {
    const ids = parents.slice(start, start + PARENTS_PER_REQUEST).map(String);
    for (const { id } of rowsOf(await ask(document, { ids })).get('children') ?? []) children.add(Number(id));
  }
  return [...children];
}

/** Rows by alias; a single object that is not there has none. */
function rowsOf({ data, errors }: GraphqlAnswer): Map<string, Row[]> {
  if (!data || errors.length > 0) {
    throw new StashError(
      'unavailable',
      'Stash could not tell which tags and studios there are; it is asked again.',
    );
  }
  const parsed = listsSchema.safeParse(data);
  if (!parsed.success) {
    throw new StashError(
      'rejected',
      'Stash lists its tags and studios in another form than Stash2Plex knows.',
      {
        cause: parsed.error,
      },
    );
  }
  return new Map(
    Object.entries(parsed.data).map(([alias, answer]) => {
      if (!answer) return [alias, []];
      if ('tags' in answer) return [alias, answer.tags];
      return [alias, 'studios' in answer ? answer.studios : [answer]];
    }),
  );
}
