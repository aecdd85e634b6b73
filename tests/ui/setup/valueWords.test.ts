import { expect, it } from 'vitest';
import { enteredValue, valueWords } from '../../../src/ui/setup/valueWords.ts';

it('says values as people do', () => {
  expect([true, false, 5, 'never', '', undefined, [], ['a', 'b']].map(valueWords)).toEqual([
    'on',
    'off',
    '5',
    'never',
    'empty',
    'empty',
    'empty',
    'a, b',
  ]);
});

it('stores what was entered as a number where it is one, and leaves judging it to the plugin', () => {
  expect(enteredValue('number', ' 0,5 ')).toBe(0.5);
  expect(enteredValue('number', '100')).toBe(100);
  expect(enteredValue('number', 'many')).toBe('many');
  expect(enteredValue('number', '  ')).toBeUndefined();
  expect(enteredValue('text', ' kept ')).toBe(' kept ');
  expect(enteredValue('text', '')).toBeUndefined();
});
