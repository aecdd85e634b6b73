import { defineConfig } from 'vitest/config';
import { SETTING_TEXTS, settingTexts } from './scripts/settingTexts.ts';

export default defineConfig({
  // As scripts/build.ts does.
  define: { [SETTING_TEXTS]: JSON.stringify(settingTexts()) },
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Many tests wait for processes; a machine of two cores would run one file at a time.
    maxWorkers: '100%',
  },
});
