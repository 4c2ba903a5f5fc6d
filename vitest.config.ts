import { defineConfig } from 'vitest/config';
import { alone, LongestFirst } from './scripts/vitest-order.ts';

const each = {
  pool: 'forks' as const,
  setupFiles: ['scripts/vitest-setup.ts'],
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    maxWorkers: '100%',
    globalSetup: ['scripts/vitest-build.ts'],
    sequence: { sequencer: LongestFirst },
    coverage: { provider: 'v8', include: ['src/**/*.ts'], exclude: ['src/**/*.test.ts'] },
    projects: [
      { test: { ...each, name: 'alone', include: [...alone] } },
      {
        test: {
          ...each,
          name: 'together',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'rules/**/*.test.ts', 'fixtures/**/*.test.ts'],
          exclude: [...alone],
          // Most of a short file's time went into loading the program anew.
          isolate: false,
        },
      },
    ],
  },
});
