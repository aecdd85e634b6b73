/** Ids in ascending order: finding a position is O(log n), so that a page of an id walk costs O(page). */
export class SortedIds {
  readonly #ids: number[] = [];

  get length(): number {
    return this.#ids.length;
  }

  /** The id at a position, or undefined beyond the ends. */
  at(position: number): number | undefined {
    return this.#ids[position];
  }

  /** The position of the first id that is ≥ `id`; `length` if there is none. */
  lowerBound(id: number): number {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ids[middle] ?? Number.POSITIVE_INFINITY) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Adds an id that is not there yet. */
  add(id: number): void {
    // Ids nearly always count up, which makes this a push.
    this.#ids.splice(this.lowerBound(id), 0, id);
  }

  /** Removes an id; nothing happens if it is absent. */
  delete(id: number): void {
    const position = this.lowerBound(id);
    if (this.#ids[position] === id) this.#ids.splice(position, 1);
  }
}
