import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { SETTING_TEXTS, settingTexts } from './scripts/settingTexts.ts';

/** The largest files first, as usual, but before them those of a few lines that run the tests of another one: they would be a long end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isRepetition = ({ moduleId }: TestSpecification) => moduleId.includes('/e2e/byNode/');
    return [...sorted.filter(isRepetition), ...sorted.filter((file) => !isRepetition(file))];
  }
}

export default defineConfig({
  // As scripts/build.ts does.
  define: { [SETTING_TEXTS]: JSON.stringify(settingTexts()) },
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Many tests wait for processes; a machine of two cores would run one file at a time.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
  },
});
