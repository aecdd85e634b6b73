import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/config/pluginInput.ts';
import { SettingsError } from '../../src/config/settings.ts';
import { explain } from '../../src/main/explain.ts';
import { PlexError } from '../../src/plex/PlexError.ts';
import { ConnectionError } from '../../src/stash/connection.ts';
import { StashError } from '../../src/stash/StashError.ts';
import { StorageError } from '../../src/storage/StorageError.ts';

const UNEXPECTED = 'Stash2Plex failed unexpectedly: ';

function named(name: string): Error {
  return Object.assign(new Error('database disk image is malformed'), { name });
}

describe('explain', () => {
  it.each([
    new InputError('Do this.'),
    new SettingsError('Do this.'),
    new ConnectionError('Do this.'),
    new PlexError('unavailable', 'Do this.'),
    new StashError('rejected', 'Do this.'),
    StorageError.from(new Error('x'), 'Do this'),
  ])("passes the sentence of the plugin's own $name on", (error) => {
    expect(explain(error)).toBe(error.message);
  });

  it.each([new Error('boom'), new TypeError('boom'), new RangeError('boom')])(
    'marks a $name as unexpected',
    (error) => {
      expect(explain(error)).toBe(`${UNEXPECTED}boom`);
    },
  );

  it.each([
    new URIError('URI malformed'),
    named('SqliteError'),
    named('InvalidArgumentError'),
    named('$ZodError'),
    new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
  ])("marks a library's $name as unexpected too: only the plugin's own errors are sentences", (error) => {
    expect(explain(error)).toBe(UNEXPECTED + error.message);
  });

  it.each([
    ['text', 'text'],
    [undefined, 'undefined'],
    [null, 'null'],
    [42, '42'],
  ])('explains a thrown %j', (thrown, shown) => {
    expect(explain(thrown)).toBe(UNEXPECTED + shown);
  });

  it("says more than nothing about Node's aggregate of failed connections, whose message is empty", () => {
    const error = new AggregateError([new Error('connect ECONNREFUSED ::1:9999')]);
    expect(explain(error)).toMatch(/ECONNREFUSED|AggregateError/);
  });

  it('never shows a stack', () => {
    expect(explain(new TypeError('boom'))).not.toContain('explain.test');
  });
});
