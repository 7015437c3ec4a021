import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: '/graphiql/',
  resolve: { conditions: ['@spine/source', ...defaultClientConditions] },
  build: {
    // The policy of the page (explorer-policy.ts) lets scripts, styles, fonts and workers come from files only.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4_000,
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
  // `npm run dev -w @spine/explorer` beside a gateway on its usual port.
  server: {
    proxy: {
      '/graphql': { target: 'http://127.0.0.1:4000', ws: true },
      '/graphiql/settings.json': 'http://127.0.0.1:4000',
    },
  },
});
