import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadConfig } from '../../../engine/config/index.ts'

function file(t: { testdir(): string }, name: string, text: string): string {
  const path = join(t.testdir(), name)
  writeFileSync(path, text)
  return path
}

t.test('without a file: the defaults', async t => {
  t.strictSame(loadConfig({ env: {} }), {
    dataDir: '.stratum',
    connectors: [],
    log: {
      partitions: { raw: 2, facts: 2, persons: 4 },
      retentionDays: { raw: 30, facts: 400, other: 400 },
      durability: 'process',
    },
    kafka: {
      clientId: 'stratum',
      groups: 8,
      replication: 1,
      minInsync: 1,
      commitMs: 100,
      compression: 'none',
      sessionMs: 10_000,
      tls: { enabled: false, verify: true },
      sasl: {},
    },
    registry: { prefix: '', timeoutSeconds: 10, tls: { verify: true } },
    warehouse: {
      database: 'stratum',
      user: 'default',
      password: '',
      retentionYears: 10,
      timeoutSeconds: 240,
      connections: 10,
      compression: true,
      tls: { verify: true },
    },
    catalogue: {
      user: 'stratum',
      password: '',
      timeoutSeconds: 30,
      connections: 10,
      tls: { enabled: false, verify: true },
    },
    cache: { password: '', prefix: 'stratum:', timeoutMs: 1000, tls: { verify: true } },
    secrets: {},
    audit: { everyMinutes: 60, everyEntries: 10_000 },
    connections: { concurrency: 4 },
    sink: { cutRows: 50_000, cutBytes: 8_388_608, cutMs: 500 },
    dedup: { windowDays: 400 },
    clock: { tickSeconds: 60 },
    api: { host: '127.0.0.1', port: 8000, tenant: 'demo' },
    logging: { level: 'info' },
  })
})

t.test('the later layer wins: file, environment, command line', async t => {
  const path = file(
    t,
    'stratum.yaml',
    'api:\n  port: 1\n  tenant: shop\nsink: # nothing yet\nlog: { partitions: { raw: 3 } }\n',
  )
  const env = {
    STRATUM_API__PORT: '2',
    STRATUM_SINK__CUT_ROWS: '7',
    STRATUM_DATA: '/data',
    STRATUM_API__HOST: '',
    PATH: '/bin',
  }
  const settings = loadConfig({ file: path, env, overrides: { api: { port: 3 }, dataDir: undefined } })
  t.match(settings, {
    dataDir: '/data',
    api: { port: 3, tenant: 'shop', host: '127.0.0.1' },
    sink: { cutRows: 7, cutMs: 500 },
    log: { partitions: { raw: 3, facts: 2 } },
  })
  t.ok(Object.isFrozen(settings.log.partitions))
  t.match(loadConfig({ env: { STRATUM_CONFIG: path } }), { api: { port: 1 } })
})

t.test('text stays text where a setting is text', async t => {
  const settings = loadConfig({ env: { STRATUM_WAREHOUSE__PASSWORD: '0123', STRATUM_API__TENANT: '42' } })
  t.equal(settings.warehouse.password, '0123')
  t.equal(settings.api.tenant, '42')
})

t.test('every problem in one error, each with its source, path and value', async t => {
  const path = file(t, 's.json', '{"sink":{"cutRows":"many","cutRow":1},"api":{"port":70000}}')
  const env = { STRATUM_SINK__CUT_MS: '0', STRATUM_API__PROT: '1', STRATUM_LOGGING__LEVEL: 'loud' }
  const lines = [
    `${path}: /sink/cutRow is not a setting (did you mean "cutRows"?)`,
    `${path}: /sink/cutRows must be integer, got "many"`,
    'STRATUM_SINK__CUT_MS: /sink/cutMs must be >= 1, got 0',
    'command line: /api/port must be <= 65535, got 80000',
    'STRATUM_LOGGING__LEVEL: /logging/level must be one of "trace", "debug", "info", "warn", "error", "fatal", "silent", got "loud"',
    'environment: STRATUM_API__PROT is not a setting (did you mean "STRATUM_API__PORT"?)',
  ]
  try {
    loadConfig({ file: path, env, overrides: { api: { port: 80_000 } } })
    t.fail('must throw')
  } catch (error) {
    t.match(error, { name: 'StratumError', code: 'CONFIG_INVALID' })
    t.strictSame([...(error as { details: string[] }).details].sort(), lines.sort())
    t.notMatch((error as Error).message, /\n/)
  }
})

t.test('files that cannot be read say where', async t => {
  const missing = join(t.testdir(), 'nowhere.yaml')
  t.throws(() => loadConfig({ file: missing, env: {} }), {
    code: 'CONFIG_INVALID',
    message: `${missing}: there is no such file`,
  })
  const torn = file(t, 'torn.yaml', 'api:\n  port: [1\n')
  t.throws(() => loadConfig({ file: torn, env: {} }), {
    code: 'CONFIG_INVALID',
    message: /torn\.yaml line \d: /,
  })
  for (const number of ['.nan', '-.inf', '1e999'])
    t.throws(
      () => loadConfig({ file: file(t, 'nan.yaml', `costs: [{ a/b: ${number} }]\n`), env: {} }),
      { message: /nan\.yaml: \/costs\/0\/a~1b is no finite number; leave out/ },
      'a cost that was .nan was stored as null',
    )
  const list = file(t, 'list.yaml', '- 1\n')
  t.throws(() => loadConfig({ file: list, env: {} }), { code: 'CONFIG_INVALID', message: /must be a map/ })
  const twice = file(t, 'twice.yaml', 'api: {}\napi: {}\n')
  t.throws(() => loadConfig({ file: twice, env: {} }), { message: /twice\.yaml line 2: / })
})

t.test('a secret is never in the message', async t => {
  const bad = file(
    t,
    'bad.yaml',
    'warehouse:\n  password: [hunter2]\n  passwort: hunter2\n  url: ftp://a:hunter2@x\n',
  )
  try {
    loadConfig({ file: bad, env: {} })
    t.fail('must throw')
  } catch (error) {
    t.notMatch((error as Error).message, /hunter2/)
    t.match((error as Error).message, 'did you mean "password"?')
  }
  const flat = file(t, 'flat.yaml', 'warehouse: hunter2\n')
  t.throws(() => loadConfig({ file: flat, env: {} }), { message: /\/warehouse must be object$/ })
})

t.test('a fixed clock is an instant with its zone', async t => {
  const settings = loadConfig({ env: { STRATUM_CLOCK__FIXED: '2026-01-15T10:00:00Z' } })
  t.equal(settings.clock.fixed, '2026-01-15T10:00:00Z')
  for (const fixed of ['2026-01-15', '2026-02-30T10:00:00Z', 'now'])
    t.throws(() => loadConfig({ env: { STRATUM_CLOCK__FIXED: fixed } }), { code: 'CONFIG_INVALID' }, fixed)
})
