// Loaded before each test file (`node-arg` of tap in package.json). For coverage, tap loads a module hook into every process
// a test starts, which more than doubles how long the program takes to start; we measure no coverage, so children run as they
// would without tap.
const spawning = (globalThis as Record<symbol, { listeners: unknown[] } | undefined>)[
  Symbol.for('process-on-spawn@*:singletonId')
]
spawning?.listeners.splice(0)
