// Who may import whom (the arrows of the architecture), checked by `npm test`; each message says what is allowed.

// Helpers of tests, which the product never loads, are known by their names.
const testHelpers = '(^|/)(mutations|arbitrary-[a-z-]+)[.]ts$|/test-support/|[.]stage[.]svelte$';
const tests = `[.]test[.]ts$|${testHelpers}`;
const numerics = '^core/(plasticity|networks|backend|training|tasks)/';
const tensorPackages = '^(node_modules/)?(@tensorflow/|webgpu)';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Modules must not import each other in a circle: move what both need into a third module.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'contract-is-self-contained',
      severity: 'error',
      comment: 'core/contract may import only zod, @orpc/contract and its own files.',
      from: { path: '^core/contract/', pathNot: tests },
      to: { pathNot: ['^core/contract/', '^node_modules/(zod|@orpc/contract)/'] },
    },
    {
      name: 'core-does-not-know-main',
      severity: 'error',
      comment: 'core may import only core, pure packages and Node’s pure modules; pass in what main knows.',
      from: { path: '^core/' },
      to: { path: '^(main|renderer|bench|scripts)/' },
    },
    {
      name: 'core-has-layers',
      severity: 'error',
      comment:
        'Within core: plasticity and backend know no network or task, networks no task or training, tasks no network or training; whoever needs both stands above them. Types may be taken from anywhere.',
      from: { path: '^core/(plasticity|backend|networks|tasks)/', pathNot: tests },
      to: {
        path: '^core/(training|extensions)/|^core/(?!$1/)(networks|tasks)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'core-is-pure',
      severity: 'error',
      comment:
        'core works on bytes and arrays and may import of Node only pure modules (node:zlib, node:crypto, node:util, node:path …); read and write files in main.',
      from: { path: '^core/', pathNot: tests },
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(fs|child_process|net|http|https|http2|dgram|cluster|worker_threads|readline|repl)(/|$)',
      },
    },
    {
      name: 'only-backend-names-tensor-packages',
      severity: 'error',
      comment:
        'Only core/backend may import @tensorflow packages and webgpu; everything else computes through the interface of core/backend.',
      from: { path: '^(core|main|renderer)/', pathNot: ['^core/backend/'] },
      to: { path: tensorPackages },
    },
    {
      name: 'renderer-knows-only-the-contract',
      severity: 'error',
      comment:
        'renderer may import from the rest only core/contract, core/inspection and the array files of core/files: pure, and without numerics.',
      from: { path: '^renderer/' },
      to: {
        path: '^(core/(?!(contract|inspection)/|files/(safetensors|named-arrays|npz-write|npy-write|zip-write)[.]ts)|main/|bench/|scripts/)',
      },
    },
    {
      name: 'only-the-store-opens-sqlite',
      severity: 'error',
      comment: 'Only main/host/store may import better-sqlite3; ask the store.',
      from: { pathNot: ['^main/host/store/'] },
      to: { path: '^(node_modules/)?better-sqlite3' },
    },
    {
      name: 'only-datasets-decode-images',
      severity: 'error',
      comment: 'Only main/datasets (and main/host) may import sharp, and tests; it crashes inside Electron.',
      from: { pathNot: ['^main/(datasets|host)/', tests] },
      to: { path: '^(node_modules/)?sharp(/|$)' },
    },
    {
      name: 'numerics-run-in-the-trainer',
      severity: 'error',
      comment:
        'Of main, only main/trainer, worker threads of the host and the commands doctor and explain may load core’s numerics (plasticity, networks, backend, training, tasks); others may import their types.',
      from: {
        path: '^main/(cli|host|shell|datasets)/',
        pathNot: [tests, '^main/cli/(commands/)?(doctor|explain)', '^main/host/workers/'],
      },
      to: { path: numerics, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'shell-has-no-sql-and-no-tensors',
      severity: 'error',
      comment: 'main/shell may import neither the store nor numerics: windows, menus, dialogs and protocols only.',
      from: { path: '^main/shell/' },
      to: { path: `^main/(host|trainer)/|${numerics}` },
    },
    {
      name: 'development-packages-stay-in-tests',
      severity: 'error',
      comment:
        'Only tests and their helpers (mutations.ts, arbitrary-*.ts, test-support/) may import packages of devDependencies; bench may too.',
      from: { path: '^(core|main)/', pathNot: tests },
      // Electron is there where the window runs; everything else of the window is bundled.
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '^node_modules/electron/' },
    },
    {
      name: 'only-the-shell-names-electron',
      severity: 'error',
      comment:
        'Only main/main.ts, main/preload.ts and main/shell may import electron; host, trainer and command line run under plain Node.',
      from: { pathNot: '^main/(main[.]ts|preload[.]ts|shell/)|^e2e/' },
      to: { path: '^node_modules/electron/' },
    },
    {
      name: 'test-code-stays-in-tests',
      severity: 'error',
      comment: 'Only tests may import tests and their helpers.',
      from: { pathNot: tests },
      to: { path: tests },
    },
    {
      name: 'imports-resolve',
      severity: 'error',
      comment: 'Every import must lead to a file or a package in package.json.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    moduleSystems: ['es6'],
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
