// Which folder of src/ may import which, and which package is at home where; ARCHITECTURE.md tells why.
// Read by test/tooling/directions.ts, which also fails when nothing was cruised (the tool itself would call that fine).

/** Folder of src/ → what it may import of src/ besides itself and errors.ts, as regular expressions after `^src/`. */
const mayImport = {
  // The spec holds names (targets, scales, activations) that all three need; it imports nothing, so no cycle comes of it.
  sample: ['learner/spec[.]ts$'],
  kernels: ['learner/spec[.]ts$'],
  learner: ['sample/', 'kernels/'],
  pipeline: ['sample/', 'learner/', 'kernels/'],
  kafka: ['pipeline/ports[.]ts$', 'sample/', 'learner/'],
  file: ['make-folder[.]ts$', 'pipeline/ports[.]ts$', 'sample/', 'learner/'],
  synthetic: ['pipeline/ports[.]ts$', 'sample/', 'learner/'],
  thread: ['pipeline/ports[.]ts$', 'sample/', 'learner/'],
  checkpoint: ['make-folder[.]ts$', 'pipeline/ports[.]ts$', 'sample/', 'learner/'],
  monitor: ['pipeline/(status|recent|timings|transaction-tally)[.]ts$', 'learner/', 'sample/'],
  config: ['learner/spec[.]ts$', 'sample/'],
};

/** Package → the folders of src/ it may be imported from. */
const packageHome = {
  rxjs: ['pipeline', 'cli'],
  kafkajs: ['kafka'],
  '@platformatic/kafka': ['kafka/wire'],
  fastify: ['monitor'],
  uplot: ['monitor'],
  'prom-client': ['monitor'],
  'csv-parse': ['sample', 'file', 'cli'],
  yaml: ['config', 'cli'],
  zod: ['config', 'checkpoint', 'kafka', 'monitor', 'cli'],
  commander: ['cli'],
  pino: ['cli'],
};

const folderRules = Object.entries(mayImport).map(([folder, targets]) => ({
  name: `${folder}-imports`,
  comment: `src/${folder} imports of Millrace only: ${['itself', 'errors.ts', ...targets].join(', ')}`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: {
    path: '^src/',
    pathNot: [`^src/${folder}/`, '^src/errors[.]ts$', ...targets.map((target) => `^src/${target}`)],
  },
}));

const packageRules = Object.entries(packageHome).map(([name, folders]) => ({
  name: `${name}-home`,
  comment: `${name} is imported in ${folders.map((folder) => `src/${folder}`).join(', ')} only`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/(${folders.join('|')})/` },
  to: { path: `(^|/)node_modules/${name}/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...folderRules,
    ...packageRules,
    {
      name: 'pure-no-io',
      comment: 'sample, learner and kernels do no I/O: no Node module but node:crypto, for the digest',
      severity: 'error',
      from: { path: '^src/(sample|learner|kernels)/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'pipeline-no-io',
      comment: 'pipeline reaches the world through its ports only; timers let a long run of chunks yield to signals',
      severity: 'error',
      from: { path: '^src/pipeline/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?timers(/promises)?$' },
    },
    {
      name: 'crypto-for-digest',
      comment: 'node:crypto is for src/learner/digest.ts alone among the pure folders',
      severity: 'error',
      from: { path: '^src/(sample|learner|kernels)/', pathNot: '^src/learner/digest[^/]*[.]ts$' },
      to: { path: '^(node:)?crypto$' },
    },
    {
      name: 'cli-imported',
      comment: 'src/cli composes everything and nobody imports it',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli/|index[.]ts$)' },
      to: { path: '^src/(cli/|index[.]ts$)' },
    },
    {
      name: 'roots-import-nothing',
      comment: 'src/errors.ts and src/learner/spec.ts are imported from below, so they import nothing',
      severity: 'error',
      from: { path: '^src/(errors|learner/spec)[.]ts$' },
      to: {},
    },
    {
      name: 'no-test-in-src',
      comment: 'what is shipped never imports what tests it',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-dev-package-in-src',
      comment: 'what is shipped imports only what is installed with it',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/kernels/assembly/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'not-resolvable',
      comment: 'an import that leads nowhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-cycles',
      comment: 'no cycles, not even of types',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'a module that nothing imports and that imports nothing',
      severity: 'error',
      from: { orphan: true, pathNot: '^src/(index[.]ts$|kernels/assembly/)' },
      to: {},
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // Compiled by another compiler; run by a browser, which finds what is served beside it.
    exclude: { path: '^src/(kernels/assembly|monitor/page)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.json'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
