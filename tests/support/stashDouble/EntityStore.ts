/** A performer, studio, tag or group: scenes hold the object itself, so a rename shows up on all of them at once. */
export interface NamedEntity {
  readonly id: number;
  name: string;
  /** What a tag or studio is below of: a tag may have several, a studio has one at most. */
  readonly parents: NamedEntity[];
  /** As a studio's only parent, under the name that GraphQL has for it. */
  readonly parent_studio: NamedEntity | null;
  /** Of performers only; none when it is not there. */
  tags?: readonly NamedEntity[];
}

function newEntity(id: number, name: string): NamedEntity {
  return {
    id,
    name,
    parents: [],
    get parent_studio() {
      return this.parents[0] ?? null;
    },
  };
}

/** The performers, studios, tags or groups of the double. */
export class EntityStore {
  readonly #kind: string;
  readonly #byId = new Map<number, NamedEntity>();
  readonly #byName = new Map<string, NamedEntity>();
  #lastId = 0;

  constructor(kind: string) {
    this.#kind = kind;
  }

  /** The entity of that name, created if there is none. */
  named(name: string): NamedEntity {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    this.#lastId += 1;
    const entity = newEntity(this.#lastId, name);
    this.#byId.set(entity.id, entity);
    this.#byName.set(name, entity);
    return entity;
  }

  /** The entity with an id; undefined if there is none. */
  find(id: number): NamedEntity | undefined {
    return this.#byId.get(id);
  }

  /** All of them, in the order of their ids. */
  all(): NamedEntity[] {
    return [...this.#byId.values()];
  }

  /** Puts an entity below others, in place of what it was below of; created if there is none of that name. */
  nest(name: string, ...parents: readonly string[]): void {
    const entity = this.named(name);
    entity.parents.splice(0, entity.parents.length, ...parents.map((parent) => this.named(parent)));
  }

  /** Removes an entity to which nothing refers any more. */
  remove(name: string): void {
    const entity = this.#byName.get(name);
    if (entity === undefined) throw new Error(`${this.#kind} with name '${name}' not found`);
    this.#byName.delete(name);
    this.#byId.delete(entity.id);
  }

  /** The entity's id as GraphQL writes it; created if there is none of that name. */
  idOf(name: string): string {
    return String(this.named(name).id);
  }

  /** The entity with a GraphQL id. Throws if it does not exist, as the database's foreign key does. */
  require(id: string): NamedEntity {
    const entity = this.#byId.get(Number(id));
    if (entity === undefined)
      throw new Error(`FOREIGN KEY constraint failed: no ${this.#kind} with id ${id}`);
    return entity;
  }

  /** Renames an entity; scenes that refer to it are not bumped. Throws for an unknown name or a taken one. */
  rename(from: string, to: string): void {
    const entity = this.#byName.get(from);
    if (entity === undefined) throw new Error(`${this.#kind} with name '${from}' not found`);
    if (this.#byName.has(to)) throw new Error(`${this.#kind} with name '${to}' already exists`);
    this.#byName.delete(from);
    this.#byName.set(to, entity);
    entity.name = to;
  }
}
