import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  mergeSettings,
  type SettingsChanges,
  withChange,
  withoutStored,
} from '../../../src/ui/setup/mergeSettings.ts';

const maps = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.boolean(), fc.integer()));

it('keeps every stored key that was not changed, and takes away what is to have its default', () => {
  expect(mergeSettings({ a: 1, b: 2, c: 3 }, { b: 4, c: undefined, d: 5 })).toEqual({ a: 1, b: 4, d: 5 });
});

it('holds for any map: what was not touched stays, what was touched is as it was given', () => {
  fc.assert(
    fc.property(maps, maps, (stored, changes) => {
      const merged = mergeSettings(stored, changes);
      for (const [key, value] of Object.entries(merged)) {
        expect(value).toBe(Object.hasOwn(changes, key) ? changes[key] : stored[key]);
      }
      expect(Object.keys(merged).sort()).toEqual(
        [...new Set([...Object.keys(stored), ...Object.keys(changes)])].sort(),
      );
    }),
  );
});

it('counts no change that leads back to what is stored', () => {
  let changes: SettingsChanges = withChange({}, { a: true }, 'a', false);
  expect(changes).toEqual({ a: false });
  changes = withChange(changes, { a: true }, 'b', 'x');
  changes = withChange(changes, { a: true }, 'a', true);
  expect(changes).toEqual({ b: 'x' });
  expect(withChange({ b: 'x' }, {}, 'b', undefined)).toEqual({});
});

it('keeps what was not stored, and what was entered anew while it was being stored', () => {
  expect(withoutStored({ a: 1, b: 'typed on', c: undefined }, { b: 'typed', c: undefined })).toEqual({
    a: 1,
    b: 'typed on',
  });
  fc.assert(
    fc.property(maps, (changes) => {
      expect(withoutStored(changes, changes)).toEqual({});
    }),
  );
});
