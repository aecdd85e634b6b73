import { describe, expect, it } from 'vitest';
import { flagArg, numberArg, sceneIdArg, textArg, wordArg } from '../../src/tasks/taskArgs.ts';
import { findTask } from '../../src/tasks/taskRegistry.ts';

const RULE = { default: 5, minimum: 1, maximum: 10, isWhole: true, unit: 'days' };

describe('an argument', () => {
  it.each([
    [undefined, 5],
    [null, 5],
    [' ', 5],
    ['7', 7],
    [7, 7],
    [' 10 ', 10],
  ])('that is the number %j means %j', (value, number) => {
    expect(numberArg({ n: value }, 'n', RULE)).toBe(number);
  });

  it.each(['x', 0, '11', 2.5, true, [], {}, Number.NaN])('that is %j is no such number', (value) => {
    const told = `"n" must be a whole number of days from 1 to 10, not ${JSON.stringify(value)}.`;
    expect(() => numberArg({ n: value }, 'n', RULE)).toThrow(told);
  });

  it.each([
    ['12', 12],
    [12, 12],
    ['', undefined],
    [undefined, undefined],
  ])('that is the scene %j means %j', (value, id) => {
    expect(sceneIdArg({ id: value }, 'id')).toBe(id);
  });

  it.each(['x', '1.5', '-1', 0, '99999999999999999999', true])('that is %j is no scene', (value) => {
    expect(() => sceneIdArg({ id: value }, 'id')).toThrow('"id" must be the number of a scene');
  });

  it('that is a switch is on for the text or the value true only', () => {
    for (const value of [true, 'true', ' TRUE ']) expect(flagArg({ f: value }, 'f')).toBe(true);
    for (const value of [false, 'false', '', undefined, null]) expect(flagArg({ f: value }, 'f')).toBe(false);
    expect(() => flagArg({ f: 'yes' }, 'f')).toThrow('"f" must be "false" or "true", not "yes".');
  });

  it('that is a word or a text is taken without blanks around it', () => {
    expect(wordArg({ w: ' All ' }, 'w', ['queue', 'all'])).toBe('all');
    expect(textArg({ t: ' PlexNotFound ' }, 't')).toBe('PlexNotFound');
    expect(textArg({}, 't')).toBeUndefined();
    expect(() => textArg({ t: 5 }, 't')).toThrow('"t" must be a text, not 5.');
  });

  it('is shown shortened when it is wrong (W56)', () => {
    const told = () => textArg({ t: ['x'.repeat(100_000)] }, 't');
    expect(told).toThrow(/^.{100,140}$/);
  });
});

describe('finding a task', () => {
  it('takes its mode and the arguments it knows', () => {
    expect(findTask({ mode: 'purge_dlq', days: '3' }).kind).toBe('look');
    expect(findTask({ mode: 'process_queue' }).kind).toBe('work');
  });

  it.each([
    [{}, /^No mode: run one of Stash2Plex's tasks \(modes: all, recent, .*\)\.$/],
    [{ mode: 'toString' }, /^Unknown mode "toString": run one of/],
    [{ mode: 5 }, /^Unknown mode "5"/],
    [{ mode: 'purge_dlq', day: 3 }, /^Unknown argument "day" of the mode "purge_dlq": it takes days\.$/],
    [
      { mode: 'clear_queue', all: true },
      /^Unknown argument "all" of the mode "clear_queue": it takes none\.$/,
    ],
  ])('refuses %j in one sentence', (args, sentence) => {
    expect(() => findTask(args)).toThrow(sentence);
  });
});
