import { expect, it } from 'vitest';
import { counted, grouped } from '../../../src/ui/format/counted.ts';
import { formatSize } from '../../../src/ui/format/formatSize.ts';
import { formatSpan } from '../../../src/ui/format/formatSpan.ts';
import { ago, due } from '../../../src/ui/format/moments.ts';

it('says spans in their one or two largest units', () => {
  const spans = [-5, 400, 40_000, 60_000, 95_000, 3_600_000, 7_800_000, 90_000_000, 400 * 86_400_000];
  expect(spans.map(formatSpan)).toEqual([
    '0 s',
    '0 s',
    '40 s',
    '1 min',
    '1 min',
    '1 h',
    '2 h 10 min',
    '1 d 1 h',
    '400 d',
  ]);
});

it('says when something was and will be', () => {
  expect(ago(0, 4_000)).toBe('just now');
  expect(ago(0, 300_000)).toBe('5 min ago');
  expect(due(10_000, 10_500)).toBe('now');
  expect(due(50_000, 10_000)).toBe('in 40 s');
});

it('says numbers and sizes as people do', () => {
  expect(counted(1, 'scene')).toBe('1 scene');
  expect(counted(12_345, 'scene')).toBe('12\u202f345 scenes');
  expect(grouped(1_234_567)).toBe('1\u202f234\u202f567');
  expect([0, 999, 1_400, 742_000_000, 1_400_000_000].map(formatSize)).toEqual([
    '0 bytes',
    '999 bytes',
    '1.4 kB',
    '742 MB',
    '1.4 GB',
  ]);
});
