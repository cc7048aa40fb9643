import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;

/**
 * The tiers of CONTRIBUTING.md, one after another. `npm test` runs all but windows and e2e-all, `npm run test:windows`
 * that one, `npm run test:all` every one. Two files at a time where machines are started: each has one processor.
 */
export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          sequence: { groupOrder: 1 },
          include: ['test/unit/**/*.test.ts', 'test/*.test.ts'],
          testTimeout: MINUTE,
        },
      },
      {
        test: {
          name: 'contract',
          sequence: { groupOrder: 2 },
          include: ['test/contract/**/*.test.ts'],
          testTimeout: MINUTE,
        },
      },
      {
        test: {
          name: 'integration',
          sequence: { groupOrder: 3 },
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 5 * MINUTE,
          hookTimeout: 10 * MINUTE,
          maxWorkers: 2,
          globalSetup: 'test/helpers/warm-cache.ts',
        },
      },
      {
        test: {
          name: 'windows',
          sequence: { groupOrder: 4 },
          include: ['test/windows/**/*.test.ts'],
          testTimeout: 2 * MINUTE,
          hookTimeout: 5 * MINUTE,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          sequence: { groupOrder: 5 },
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 10 * MINUTE,
          hookTimeout: 15 * MINUTE,
          maxWorkers: 2,
          globalSetup: 'test/helpers/warm-cache.ts',
        },
      },
      {
        test: {
          name: 'e2e-all',
          sequence: { groupOrder: 6 },
          include: ['test/e2e-all/**/*.test.ts'],
          testTimeout: 15 * MINUTE,
          hookTimeout: 15 * MINUTE,
          maxWorkers: 2,
          globalSetup: 'test/helpers/warm-cache.ts',
        },
      },
    ],
  },
});
