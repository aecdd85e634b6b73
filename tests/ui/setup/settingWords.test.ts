import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { shownDescription, shownName } from '../../../src/ui/setup/settingWords.ts';
import { YML_PATH } from '../../support/startWorld.ts';

it('leaves out what the heading and the value beside it say', () => {
  expect(shownName({ displayName: 'Gate - stash-id' })).toBe('Stash-id');
  expect(shownName({ displayName: 'Attempts per scene' })).toBe('Attempts per scene');
  expect(shownDescription({ description: 'Default on.' })).toBe('');
  expect(shownDescription({ description: 'Which are compared. Default 24h.' })).toBe('Which are compared.');
  expect(shownDescription({ description: '1 to 20. Default 5. An outage costs no attempt.' })).toBe(
    '1 to 20. An outage costs no attempt.',
  );
  expect(shownDescription({ description: 'Wait 0.1 to 60. Default 0.5.' })).toBe('Wait 0.1 to 60.');
});

it('leaves no default in the text of any setting, and every name different', () => {
  const { settings } = parse(readFileSync(YML_PATH, 'utf8')) as {
    settings: Record<string, { displayName: string; description: string }>;
  };
  const texts = Object.values(settings);
  expect(texts.length).toBeGreaterThan(50);
  for (const text of texts) expect(shownDescription(text)).not.toMatch(/\bDefault\b/);
  expect(new Set(texts.map(shownName)).size).toBe(texts.length);
});
