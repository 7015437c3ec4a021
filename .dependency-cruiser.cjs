// Who may import whom (DESIGN §2). Every rule says why; scripts/borders.test.ts plants a fault for each.
const service = '^subgraphs/([^/]+)/src/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle has no first file to read.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'kernel-imports-nothing-of-ours',
      severity: 'error',
      comment: 'The kernel is the shared words: pure, at the bottom of everything.',
      from: { path: '^packages/kernel/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(packages/(?!kernel/)|subgraphs|gateway|cli|e2e|bench|examples)' },
    },
    {
      name: 'platform-imports-kernel-only',
      severity: 'error',
      comment: 'Plumbing knows no business word.',
      from: { path: '^packages/platform/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(packages/(?!kernel/|platform/)|subgraphs|gateway|cli|e2e|bench|examples)' },
    },
    {
      name: 'open-lineage-stands-alone',
      severity: 'error',
      comment: 'The client is publishable on its own.',
      from: { path: '^packages/open-lineage/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(packages/(?!open-lineage/)|subgraphs|gateway|cli|e2e|bench|examples)' },
    },
    {
      name: 'client-imports-nothing-of-ours',
      severity: 'error',
      comment: 'The typed client is a package for users who have nothing else of ours.',
      from: { path: '^schema/client/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(packages|subgraphs|gateway|cli|e2e|bench|examples)/' },
    },
    {
      name: 'testkit-only-from-tests',
      severity: 'error',
      comment: 'Test plumbing never ships.',
      from: { pathNot: '(\\.test\\.ts$|^packages/testkit/|^e2e/|^bench/|^scripts/|-suite\\.ts$|/testing/)' },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment: 'Domain is pure functions over plain data: kernel and its own domain only.',
      from: { path: '^subgraphs/.+/domain/', pathNot: '((\\.test|-model|-builder)\\.ts$|/testing/)' },
      to: { pathNot: ['^packages/kernel/', '^subgraphs/.+/domain/', '^(node:)?crypto$'] },
    },
    {
      name: 'services-stay-apart',
      severity: 'error',
      comment: 'A service never imports a service; they call each other over REST.',
      from: { path: service },
      to: { path: '^(subgraphs/(?!$1/)|gateway/)' },
    },
    {
      name: 'gateway-stays-apart',
      severity: 'error',
      comment: 'The gateway reaches a subgraph through a SubgraphLink.',
      from: { path: '^gateway/src/' },
      to: { path: '^subgraphs/' },
    },
    {
      name: 'explorer-sees-the-client-only',
      severity: 'error',
      comment: 'The explorer is a page in a browser: it knows the graph, and of our code the client.',
      from: { path: '^gateway/explorer/' },
      to: { path: '^(packages/|subgraphs/|gateway/src/|cli/|e2e/|bench/|examples/)' },
    },
    {
      name: 'store-knows-domain-and-driver',
      severity: 'error',
      comment: 'The way of the data is downhill.',
      from: {
        path: '^subgraphs/[^/]+/src/(store|source|sink|scanner|clients|formats)/',
        pathNot: '\\.test\\.ts$',
      },
      to: { path: '^subgraphs/[^/]+/src/(usecases|api|worker|pipeline)/' },
    },
    {
      name: 'usecases-below-api-and-worker',
      severity: 'error',
      comment: 'The way of the data is downhill.',
      from: { path: '^subgraphs/[^/]+/src/usecases/', pathNot: '\\.test\\.ts$' },
      to: { path: '^subgraphs/[^/]+/src/(api|worker|pipeline)/' },
    },
    {
      name: 'pipeline-sees-interfaces',
      severity: 'error',
      comment:
        'Stages know source, sink, clients and store by their interfaces, so that each can be another.',
      from: { path: '^subgraphs/cdc/src/pipeline/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^subgraphs/cdc/src/(api|worker|usecases|source|sink)/',
        pathNot: '^subgraphs/cdc/src/(source/(change-source|boot-checks)|sink/sink)\\.ts$',
      },
    },
    {
      name: 'client-side-sees-services-by-their-factory',
      severity: 'error',
      comment:
        'cli, e2e and bench may import a service.ts, no room behind it. The registry has a second door: offline.ts, its engines without a server.',
      from: { path: '^(cli|e2e|bench)/' },
      to: {
        path: '^(subgraphs/[^/]+|gateway)/src/',
        pathNot: ['/src/(service|config|sdl)\\.ts$', '^subgraphs/registry/src/offline\\.ts$'],
      },
    },
    {
      name: 'examples-stand-outside',
      severity: 'error',
      comment: 'An example is a consumer.',
      from: { path: '^examples/' },
      to: { path: '^(packages/|subgraphs/|gateway/|cli/)' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.dev.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^[^n].*/dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@spine/source', 'import', 'node', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
};
