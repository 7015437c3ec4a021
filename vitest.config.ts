import { defineConfig } from 'vitest/config';

const conditions = ['@spine/source', 'node', 'import', 'default'];
const shared = {
  // One graphql: vite would load its ESM build beside the CommonJS one that dependencies load (docs/decisions/0002).
  resolve: { conditions, alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  ssr: { resolve: { conditions } },
};
const env = { APOLLO_TELEMETRY_DISABLED: '1' };
const exclude = ['**/node_modules/**', '**/dist/**'];
const include = (suffix: string): string[] => [
  `{packages,subgraphs,examples}/*/src/**/*.${suffix}.ts`,
  `{gateway,cli,e2e,bench}/src/**/*.${suffix}.ts`,
  `scripts/**/*.${suffix}.ts`,
];

export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          env,
          include: include('test'),
          exclude: [...exclude, '**/*.{pg,kafka,e2e,long}.test.ts'],
        },
      },
      {
        ...shared,
        test: {
          name: 'pg',
          env,
          include: include('pg.test'),
          exclude,
          globalSetup: ['./packages/testkit/src/vitest-postgres.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          env,
          include: include('e2e.test'),
          exclude,
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
