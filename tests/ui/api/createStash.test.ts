import { describe, expect, it } from 'vitest';
import { createStash } from '../../../src/ui/api/createStash.ts';
import { StashTrouble } from '../../../src/ui/api/StashTrouble.ts';

/** A Stash that gives the answers one after another. */
function stashAnswering(...answers: unknown[]) {
  const bodies: { variables: Record<string, unknown> }[] = [];
  let stored = 0;
  const stash = createStash({
    post: async (body) => {
      bodies.push(JSON.parse(body));
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      if (typeof answer === 'number')
        return { status: answer, json: () => Promise.reject(new Error('no JSON')) };
      return { status: 200, json: async () => answer };
    },
    onStored: () => {
      stored += 1;
    },
  });
  return { stash, bodies, stored: () => stored };
}

const settings = (map: object | undefined) => ({
  data: { configuration: { plugins: map === undefined ? {} : { Stash2Plex: map } } },
});

describe('the page asks Stash', () => {
  it('for an operation, and gets its report', async () => {
    const { stash, bodies } = stashAnswering({ data: { runPluginOperation: { summary: 'S' } } });
    await expect(stash.operation({ mode: 'dashboard' })).resolves.toEqual({ summary: 'S' });
    expect(bodies[0]?.variables).toEqual({ plugin: 'Stash2Plex', args: { mode: 'dashboard' } });
  });

  it('to store changes on top of what is stored by then', async () => {
    const { stash, bodies, stored } = stashAnswering(settings({ a: 1, b: 2 }), {
      data: { configurePlugin: { a: 1, c: 3 } },
    });
    await expect(stash.changeSettings({ b: undefined, c: 3 })).resolves.toEqual({ a: 1, c: 3 });
    expect(bodies[1]?.variables).toMatchObject({ input: { a: 1, c: 3 } });
    expect(stored()).toBe(1);
  });

  it('for settings that were never stored', async () => {
    await expect(stashAnswering(settings(undefined)).stash.settings()).resolves.toEqual({});
  });

  it.each([
    [new TypeError('fetch failed'), /Stash does not answer/],
    [401, /log in again/],
    [502, /status 502/],
    [{ errors: [{ message: 'Plex is gone' }], data: null }, /^Plex is gone\.$/],
    [{ data: null }, /empty answer/],
    [{ data: { runPluginOperation: 'ok' } }, /does not know/],
    ['text', /empty answer/],
  ])('and says in one sentence what is wrong with %j', async (answer, sentence) => {
    const { stash } = stashAnswering(answer);
    const asked = stash.operation({ mode: 'dashboard' });
    await expect(asked).rejects.toThrow(sentence);
    await expect(asked).rejects.toBeInstanceOf(StashTrouble);
  });

  it('and stores nothing when it cannot read what is stored', async () => {
    const { stash, bodies } = stashAnswering(502);
    await expect(stash.changeSettings({ a: 1 })).rejects.toThrow('502');
    expect(bodies).toHaveLength(1);
  });
});
