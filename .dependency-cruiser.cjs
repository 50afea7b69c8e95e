/** Imports run one way: api → pipelines → engine, connectors → plugins → engine. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: {
    path: '^(stratum\\.ts|engine|plugins|connectors|pipelines|api|dashboards|demo|bench|test)',
    pathNot: allowed,
  },
})

module.exports = {
  forbidden: [
    only(
      'engine-stands-alone',
      '^engine/',
      '^engine/',
      'The engine knows no platform, no connector and no formula.',
    ),
    only(
      'plugins-use-the-engine',
      '^plugins/',
      '^(plugins|engine)/',
      'What a plugin author imports builds on the engine only.',
    ),
    {
      name: 'connectors-use-plugins',
      comment: 'A connector is written only against plugins/.',
      severity: 'error',
      from: { path: '^connectors/' },
      to: { path: '^(stratum\\.ts|engine|pipelines|api|dashboards|demo|bench|test)' },
    },
    {
      name: 'connectors-never-each-other',
      severity: 'error',
      from: { path: '^connectors/([^/]+)/' },
      to: { path: '^connectors/', pathNot: '^connectors/$1/' },
    },
    only(
      'pipelines-use-the-engine',
      '^pipelines/',
      '^(pipelines/|engine/|plugins/(records/|schema\\.ts))',
      'Pipelines share with plugins what records look like, and nothing else.',
    ),
    only('api-asks-pipelines', '^api/', '^(api|pipelines|engine)/', 'The API asks pipelines and the engine.'),
    only(
      'the-demo-simulates',
      '^demo/',
      '^(demo/|plugins/|engine/|connectors/[^/]+/simulator/)',
      'The demo is simulated platforms; what reads them it only names.',
    ),
    {
      name: 'a-formula-imports-no-stream',
      comment: 'model.ts and model/ hold pure functions: no stage, no store, no Node stream.',
      severity: 'error',
      from: { path: '^pipelines/.+/(model/|[^/]*model[^/]*\\.ts$)' },
      to: {
        path: '(^engine/(?!errors\\.ts|canonical\\.ts|clock/days\\.ts|clock/iso\\.ts|config/suggest\\.ts)|/stage[^/]*\\.ts$|/tables[^/]*\\.ts$|^(node:)?(stream|fs|http|net|worker_threads))',
      },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'only-declared-packages',
      severity: 'error',
      from: { path: '^(stratum\\.ts|engine|plugins|connectors|pipelines|api|dashboards|demo)' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(node_modules|dist)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
}
