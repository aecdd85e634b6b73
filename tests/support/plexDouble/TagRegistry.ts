/** Kinds of tags, by the name used in edits, with the element that lists them (3.6.4). */
export const TAG_ELEMENTS = {
  genre: 'Genre',
  collection: 'Collection',
  label: 'Label',
  director: 'Director',
  writer: 'Writer',
  producer: 'Producer',
  country: 'Country',
  actor: 'Role',
  mood: 'Mood',
  style: 'Style',
  similar: 'Similar',
} as const;

/** Edit name of a kind of tag. */
export type TagKind = keyof typeof TAG_ELEMENTS;

/** All kinds, in the order they are listed. */
export const TAG_KINDS = Object.keys(TAG_ELEMENTS).filter(isTagKind);

/** Whether a name is the edit name of a kind of tag. */
export function isTagKind(name: string): name is TagKind {
  return Object.hasOwn(TAG_ELEMENTS, name);
}

/** A tag: one object per kind and name on the whole server (row 15). */
export interface Tag {
  readonly id: number;
  readonly kind: TagKind;
  readonly tag: string;
  /** Picture of an actor: it belongs to the tag, so it shows on every item (row 14). */
  thumb: string | undefined;
  /** Plex's global id of a person. */
  tagKey: string | undefined;
}

/** All tags of the server. Names are compared ignoring case, but not trimmed (3.6.4). */
export class TagRegistry {
  #tags = new Map<string, Tag>();
  #nextId = 51;

  /** The tag of that kind and name, created as spelt when there is none. */
  obtain(kind: TagKind, name: string): Tag {
    const key = `${kind}:${name.toLowerCase()}`;
    const known = this.#tags.get(key);
    if (known !== undefined) return known;
    const tag: Tag = { id: this.#nextId++, kind, tag: name, thumb: undefined, tagKey: undefined };
    this.#tags.set(key, tag);
    return tag;
  }

  /** The tag as an edit creates it: new labels and collections begin with a capital (row 12). */
  obtainByEdit(kind: TagKind, name: string): Tag {
    return this.obtain(kind, kind === 'label' || kind === 'collection' ? capitalised(name) : name);
  }
}

function capitalised(name: string): string {
  const [first = ''] = name;
  return first.toUpperCase() + name.slice(first.length);
}

/** Whether two tag names mean the same tag. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
