import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { remedyFor } from '../../src/tasks/remedyFor.ts';

const source = (path: string) => readFileSync(new URL(`../../src/${path}`, import.meta.url), 'utf8');

describe('the remedy', () => {
  it('is there for every class that the worker gives scenes up for', () => {
    const types = [
      ...source('failures/verdict.ts').matchAll(/'((?:Plex|Stash|Ambiguous)[A-Z]\w+)'/g),
    ].flatMap(([, type]) =>
      type?.startsWith('Plex') || type === 'StashError' || type === 'AmbiguousMatch' ? type : [],
    );
    expect(new Set(types).size).toBeGreaterThan(3);
    const unknown = remedyFor('Nonsense');
    for (const type of [...types, 'PlexServerDown', 'ProcessKilled']) {
      expect(remedyFor(type), type).not.toBe(unknown);
    }
  });

  it('is a general one for anything else, whatever its name', () => {
    expect(remedyFor('constructor')).toBe(remedyFor('TypeError'));
  });
});
