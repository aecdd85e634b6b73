import { expect, it } from 'vitest';
import { reportDeadLetters } from '../../src/drain/reportDeadLetters.ts';
import { openStore } from '../queue/openStore.ts';
import { recordingLog } from '../support/recordingLog.ts';

it('says how many scenes were given up and shows the five newest, or nothing (WK-17)', () => {
  const store = openStore();
  const { log, lines } = recordingLog();
  reportDeadLetters(store.deadLetters, log);
  expect(lines).toEqual([]);

  for (let sceneId = 1; sceneId <= 7; sceneId += 1) store.giveUp(sceneId);
  reportDeadLetters(store.deadLetters, log);
  expect(lines.map(({ level }) => level)).toEqual(['info', ...Array(5).fill('debug')]);
  expect(lines[0]?.text).toContain('7 scenes were given up');
  expect(lines.slice(1).map(({ text }) => /scene (\d+)/.exec(text)?.[1])).toEqual(['7', '6', '5', '4', '3']);
  expect(lines[1]?.text).toContain('PlexTemporaryError');
});
