import { defineConfig } from 'vitest/config';

// `import` and `default` hold anyway. Named here they would reach Node's own `require` in the workers, which then loads
// ESM where pg and others require CommonJS.
const conditions = ['@spine/source', 'node'];
const shared = {
  // One graphql: vite would load its ESM build beside the CommonJS one that dependencies load (docs/decisions/0002).
  resolve: { conditions, alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  ssr: { resolve: { conditions } },
  // Tests are no part of the build, so the tsconfig that says this does not include them; some declare a schema.
  oxc: { decorator: { legacy: true } },
  // Where vitest runs a globalSetup.
  environments: { __vitest__: { resolve: { conditions } } },
};
const env = { APOLLO_TELEMETRY_DISABLED: '1' };
const exclude = ['**/node_modules/**', '**/dist/**'];
const include = (suffix: string): string[] => [
  `{packages,subgraphs,examples}/*/src/**/*.${suffix}.ts`,
  `schema/client/src/**/*.${suffix}.ts`,
  `gateway/explorer/src/**/*.${suffix}.ts`,
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
          // One group after the other: they need different numbers of workers.
          sequence: { groupOrder: 0 },
          env,
          include: include('test'),
          exclude: [...exclude, '**/*.{pg,kafka,e2e,long}.test.ts'],
        },
      },
      {
        ...shared,
        test: {
          name: 'pg',
          sequence: { groupOrder: 1 },
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
          name: 'kafka',
          sequence: { groupOrder: 2 },
          env,
          include: include('kafka.test'),
          exclude,
          globalSetup: [
            './packages/testkit/src/vitest-postgres.ts',
            './packages/testkit/src/kafka/vitest-kafka.ts',
          ],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        ...shared,
        test: {
          // Longer proofs (npm run test:long): the same stories with a load of a minute and more.
          name: 'long',
          env: { ...env, SPINE_PGBENCH_SECONDS: '60', SPINE_KILLS: '60', SPINE_STREAM_KILLS: '10' },
          include: [
            'e2e/src/{foreign-postgres,kill-worker,kill-streams,verify-through-kills}.e2e.test.ts',
            ...include('long.test'),
          ],
          exclude,
          globalSetup: ['./e2e/src/vitest-build.ts'],
          testTimeout: 600_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          sequence: { groupOrder: 3 },
          env,
          include: include('e2e.test'),
          exclude,
          globalSetup: ['./e2e/src/vitest-build.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
