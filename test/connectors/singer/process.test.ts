import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import singer from '../../../connectors/singer/index.ts'
import { sourceContext } from '../../../engine/source/context.ts'
import { failure } from '../../support/failure.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { check, fake, read, record, schema, seenIn, state } from './harness.ts'

const LINES = [schema('o'), record('o', '{"id":1}'), state({ at: 3 })]

/** A zombie is gone: nobody may be there to reap it. */
function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

async function gone(pid: number): Promise<boolean> {
  for (let i = 0; i < 600 && isAlive(pid); i++) await wait(50)
  return !isAlive(pid)
}

async function pidIn(file: string): Promise<number> {
  // A file is there before its first line is in it.
  while (!existsSync(file) || !readFileSync(file, 'utf8').includes('\n')) await wait(20)
  return seenIn(file)[0]!.pid
}

t.test(
  'a tap gets its configuration in a private file that is gone afterwards, and nothing of ours',
  async t => {
    process.env.STRATUM_KEY_OF_TEST = 'ours'
    const file = join(temporaryFolder(t), 'seen')
    const over = { config: { password: 'hunter2', n: 1.5 }, env: { TAP_EXTRA: 'x' } }
    const first = await read(fake({ lines: LINES, seen: file }, over))
    await read(fake({ lines: LINES, seen: file }, over), first.states.at(-1))
    const [run, next] = seenIn(file)
    t.same(run!.settings, over.config)
    t.same(run!.modes, [0o600, 0o700])
    t.notOk(existsSync(dirname(run!.config)))
    t.equal(run!.state, null)
    t.same(next!.state, { at: 3 })
    t.equal(run!.env.TAP_EXTRA, 'x')
    t.ok(run!.env.PATH)
    t.equal(run!.env.STRATUM_KEY_OF_TEST, undefined)
    t.notMatch(JSON.stringify(run!.args), /hunter2/, 'other users of a machine see arguments')
  },
)

t.test('files that a killed process has left are removed by the next', async t => {
  const left = join(tmpdir(), `stratum-singer-${hostname()}-4194305-left`)
  const other = join(tmpdir(), `stratum-singer-${hostname()}-${process.pid}-runs`)
  const foreign = join(tmpdir(), `stratum-singer-elsewhere-${process.pid}-4194305-x`)
  for (const folder of [left, other, foreign]) mkdirSync(folder)
  await read(fake({ lines: LINES }))
  t.notOk(existsSync(left))
  for (const folder of [other, foreign]) {
    t.ok(existsSync(folder))
    rmdirSync(folder)
  }
})

const ends: [string, Parameters<typeof fake>[0], object][] = [
  [
    'a code',
    {
      code: 2,
      stderr: ['INFO hello', 'Traceback (most recent call last):', '  File "x"', 'ValueError: no such table'],
    },
    { kind: 'fatal', message: /^node ended with code 2: ValueError: no such table$/ },
  ],
  ['a code, silently', { code: 3 }, { kind: 'fatal', message: 'node ended with code 3 and said nothing' }],
  ['a signal', { signal: 'SIGKILL' }, { kind: 'retryable', message: /^node was ended by SIGKILL/ }],
  [
    'wrong credentials',
    {
      code: 1,
      stderr: [
        'CRITICAL FATAL:  password authentication failed for user "x"',
        '(Background on this error at: https://example.org)',
      ],
    },
    { kind: 'auth', lack: 'credentials', message: /password authentication/ },
  ],
  [
    // tap-facebook 1.26.0, whose words were neither shown nor understood.
    'a token that Facebook refuses',
    {
      code: 1,
      stderr: [
        'CRITICAL SingerConfigurationError',
        'CRITICAL GET: 400 Message: Invalid OAuth access token - Cannot parse access token',
        'Traceback (most recent call last):',
        '  File "x"',
        'singer.exceptions.SingerConfigurationError: SingerConfigurationError',
        'GET: 400 Message: Invalid OAuth access token - Cannot parse access token',
      ],
    },
    { kind: 'auth', lack: 'credentials', message: /code 1: GET: 400 Message: Invalid OAuth access token/ },
  ],
  [
    'a missing right',
    { code: 1, stderr: ['ERROR permission denied for table orders'] },
    { kind: 'auth', lack: 'permission' },
  ],
  [
    'an outage',
    { code: 1, stderr: ['requests.exceptions.ConnectionError: Max retries exceeded'] },
    { kind: 'retryable' },
  ],
  [
    'a wrong configuration',
    {
      code: 1,
      stderr: [
        "singer_sdk.exceptions.ConfigValidationError: Config validation failed: 'host' is a required property",
      ],
    },
    { kind: 'config', message: /^\/config: node ended/ },
  ],
]
for (const [what, script, wanted] of ends)
  t.test(`a tap that ends with ${what}`, async t => {
    const into = { records: [], rejected: [], states: [], notices: [] as string[] }
    const half = '{"type":"RECORD","stream":"o","rec'
    const error = await failure(
      read(fake({ lines: [...LINES, record('o', '{"id":2}'), half], ...script }), null, into),
    )
    t.match(error, wanted)
    t.same(
      into.records.map(r => (r as { record: string }).record),
      [null, '{"id":1}'],
      'what its state covers is handed on, what is behind it comes again',
    )
    t.same(into.rejected, [], 'half a line comes again too')
  })

t.test('a command that cannot be run', async t => {
  const missing = await failure(check(fake({}, { command: 'tap-no-such' })))
  t.match(missing, {
    kind: 'config',
    message: /^\/command: there is no program tap-no-such on the PATH: install/,
  })
  const dir = temporaryFolder(t)
  t.match(await failure(check(fake({}, { command: dir }))), {
    kind: 'config',
    message: /there is no program/,
  })
  writeFileSync(join(dir, 'tap'), '')
  t.match(await failure(check(fake({}, { command: join(dir, 'tap') }))), { message: /may not be executed/ })
  t.match(await failure(check(fake({ lines: ['hello'] }))), {
    kind: 'fatal',
    message: /does not speak Singer/,
  })
})

t.test('an abort ends the tap, also one that does not want to, and what it has started', async t => {
  const file = join(temporaryFolder(t), 'seen')
  const config = fake({ lines: LINES, stays: 'stubborn', child: true, seen: file })
  const abort = new AbortController()
  const context = { ...sourceContext({ config, signal: abort.signal }), state: null }
  let batches = 0
  for await (const { records } of singer.read('records', context)) {
    batches++
    t.equal(records.length, 2, 'what is covered comes out while the tap is silent')
    abort.abort()
  }
  t.equal(batches, 1)
  const pid = await pidIn(file)
  t.ok(await gone(pid))
})

t.test('whoever stops reading ends the tap', async t => {
  const file = join(temporaryFolder(t), 'seen')
  const config = fake({ lines: LINES, stays: 'quiet', seen: file })
  for await (const _ of singer.read('records', { ...sourceContext({ config }), state: null })) break
  const pid = await pidIn(file)
  t.notOk(isAlive(pid))
})

t.test('a tap that ends and leaves a process behind does not hang', async t => {
  const { records } = await read(fake({ lines: LINES, child: true }))
  t.equal(records.length, 2)
})

t.test('no tap is left when we are killed', async t => {
  const file = join(temporaryFolder(t), 'seen')
  const config = fake({ lines: LINES, stays: 'quiet', seen: file })
  const reader = fileURLToPath(new URL('./reader.js', import.meta.url))
  const child = spawn(process.execPath, [reader, JSON.stringify(config)], { stdio: 'ignore' })
  const pid = await pidIn(file)
  t.ok(isAlive(pid))
  child.kill('SIGKILL')
  t.ok(await gone(pid))
})

t.test('a reader that is slow makes the tap wait: memory does not grow with what it could send', async t => {
  const dir = temporaryFolder(t)
  const progress = join(dir, 'progress')
  const lines = `i=0; echo '${schema('o', [])}'; while [ $i -lt 200000 ]; do i=$((i+1)); echo '${record('o', `{"a":"${'x'.repeat(400)}"}`)}'; [ $((i % 500)) = 0 ] && { echo "{\\"type\\":\\"STATE\\",\\"value\\":{\\"at\\":$i}}"; echo $i > '${progress}'; }; done`
  const config = fake({}, { command: '/bin/sh', args: ['-c', lines] })
  for await (const _ of singer.read('records', { ...sourceContext({ config }), state: null })) {
    let before = -1
    let sent = 0
    // Until it sends no more.
    for (; sent !== before; await wait(300)) {
      before = sent
      sent = Number(readFileSync(progress, 'utf8'))
    }
    t.ok(sent < 100_000, `it has sent ${sent} of 200,000`)
    break
  }
})
