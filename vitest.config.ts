import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

/** Two copies of graphql (CommonJS and ES module) refuse each other's schemas, so everybody gets the same file. */
const alias = { graphql: require.resolve('graphql') };
const setupFiles = ['reflect-metadata'];
/** The engines' tests touch no data, and the GPU machines that they run on may have no PostgreSQL. */
const postgres = process.env.CROSSCHECK_TEST_ENGINE ? [] : ['server/testing/postgres.global-setup.ts'];
const exclude = ['**/node_modules/**', 'dist/**'];

export default defineConfig({
  // Oxc drops decorator metadata, which is why every decorator names its type.
  oxc: { decorator: { legacy: true } },
  test: {
    projects: [
      {
        extends: true,
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['**/*.spec.{ts,tsx}'],
          exclude: [...exclude, 'e2e/**'],
          setupFiles,
          globalSetup: [...postgres, 'runner/engines/testing/software-gpu.global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        resolve: { alias },
        test: {
          name: 'e2e',
          include: ['e2e/**/*.spec.ts'],
          exclude,
          setupFiles,
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
