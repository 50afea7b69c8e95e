import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { askControl, callControl, type Ops, serveControl } from '../../../engine/control/index.ts'
import { StratumError } from '../../../engine/errors.ts'

async function serve(t: Tap, dir: string, ops: Ops) {
  const control = await serveControl(dir, ops)
  t.teardown(() => control.close())
  return control
}
type Tap = { teardown(work: () => unknown): void }

/** The folders of `t.testdir()` have names too long for a socket. */
function shortDir(t: Tap): string {
  const dir = mkdtempSync(join(tmpdir(), 'c-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

async function all(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const found: unknown[] = []
  for await (const item of items) found.push(item)
  return found
}

t.test('values, one and many', async t => {
  const dir = shortDir(t)
  await serve(t, dir, {
    add: async args => (args as number[]).reduce((a, b) => a + b),
    nothing: async () => undefined,
    null: async () => null,
    async *lines(args) {
      for (let n = 0; n < (args as { n: number }).n; n++) yield { n, text: `é\n${'x'.repeat(n % 50)}` }
    },
    big: async () => ({
      small: 5n,
      big: 2n ** 60n,
      bytes: Buffer.from('hi'),
      map: new Map([['a', 1]]),
      none: Number.NaN,
    }),
  })
  t.equal(await askControl(dir, 'add', [1, 2, 3]), 6)
  t.equal(await askControl(dir, 'nothing', null), undefined)
  t.equal(await askControl(dir, 'null', undefined), null)
  const lines = await all(callControl(dir, 'lines', { n: 20_000 }))
  t.equal(lines.length, 20_000)
  t.strictSame(lines[49], { n: 49, text: `é\n${'x'.repeat(49)}` })
  t.strictSame(await askControl(dir, 'big', {}), {
    small: 5,
    big: '1152921504606846976',
    bytes: 'aGk=',
    map: { a: 1 },
    none: null,
  })
})

t.test('errors travel with code and message, without credentials', async t => {
  const dir = shortDir(t)
  await serve(t, dir, {
    async *late() {
      yield 1
      throw new StratumError('PAUSED', 'stage identity is paused', { details: ['since 10:00'] })
    },
    plain: async () => Promise.reject(new Error('GET https://x.example/?access_token=hunter2 failed')),
    sync: () => {
      throw new StratumError('USAGE', 'no')
    },
  })
  const items = callControl(dir, 'late', {})
  t.equal((await items.next()).value, 1)
  await t.rejects(items.next(), {
    name: 'StratumError',
    code: 'PAUSED',
    message: 'stage identity is paused',
    details: ['since 10:00'],
  })
  await t.rejects(askControl(dir, 'plain', {}), { message: 'GET https://x.example/?access_token=*** failed' })
  await t.rejects(askControl(dir, 'sync', {}), { code: 'USAGE', message: 'no' })
  await t.rejects(askControl(dir, 'toString', {}), {
    code: 'NOT_FOUND',
    message: /"toString"; it knows late, plain, sync/,
  })
})

t.test('nobody there: says how to start', async t => {
  const dir = shortDir(t)
  await t.rejects(askControl(dir, 'x', {}), {
    code: 'NOT_FOUND',
    message: `no engine is running on ${dir}: start one with `,
  })
  writeFileSync(join(dir, 'control.sock'), '')
  await t.rejects(askControl(dir, 'x', {}), { code: 'NOT_FOUND' })
})

t.test('a caller that leaves stops the op, by its signal and by leaving the loop', async t => {
  const dir = shortDir(t)
  let stopped = 0
  await serve(t, dir, {
    async *endless(_args, signal) {
      signal.addEventListener('abort', () => stopped++)
      for (let n = 0; ; n++) {
        yield n
        await sleep(1)
      }
    },
    stuck: (_args, signal) => new Promise(() => signal.addEventListener('abort', () => stopped++)),
  })
  for await (const n of callControl(dir, 'endless', {})) if (n === 5) break
  while (stopped < 1) await sleep(5)
  const abort = new AbortController()
  const stuck = askControl(dir, 'stuck', {}, { signal: abort.signal })
  await sleep(50)
  abort.abort(new Error('enough'))
  await t.rejects(stuck, { message: 'enough' })
  while (stopped < 2) await sleep(5)
  await t.rejects(askControl(dir, 'stuck', {}, { signal: abort.signal }), { message: 'enough' })
  t.equal(stopped, 2)
})

t.test('an op runs no faster than its caller reads', async t => {
  const dir = shortDir(t)
  let made = 0
  const text = 'x'.repeat(10_000)
  await serve(t, dir, {
    async *flood() {
      for (; made < 100_000; made++) yield text
    },
  })
  const sent = request({
    socketPath: join(dir, 'control.sock'),
    path: '/flood',
    method: 'POST',
    agent: false,
  })
  sent.end('null')
  const [response] = await once(sent, 'response')
  response.pause()
  let before = -1
  while (made !== before) {
    before = made
    await sleep(100)
  }
  t.ok(made < 1000, `${made} made while nobody read`)
  response.destroy()
})

t.test('closing ends what is being answered', async t => {
  const dir = shortDir(t)
  const control = await serveControl(dir, { stuck: () => new Promise(() => {}) })
  const stuck = t.rejects(askControl(dir, 'stuck', {}), {
    code: 'STORE_UNAVAILABLE',
    message: 'the engine is stopping',
  })
  await sleep(50)
  await control.close()
  await stuck
  t.notOk(existsSync(join(dir, 'control.sock')))
  await t.rejects(askControl(dir, 'stuck', {}), { code: 'NOT_FOUND' })
})

t.test('the socket is for its user only; a second engine is refused', async t => {
  const dir = shortDir(t)
  await serve(t, dir, {})
  t.equal(statSync(join(dir, 'control.sock')).mode & 0o777, 0o600)
  await t.rejects(serveControl(dir, {}), { code: 'DATA_DIR_IN_USE' })
})

for (const depth of [0, 10]) {
  t.test(
    `an engine killed while it answers, and its socket replaced (${depth ? 'long' : 'short'} path)`,
    async t => {
      const dir = join(shortDir(t), ...Array<string>(depth).fill('a-long-folder-name'))
      const child = fileURLToPath(new URL('./child.js', import.meta.url))
      const engine = spawn(process.execPath, [child, dir], { stdio: ['ignore', 'pipe', 'inherit'] })
      await once(engine.stdout, 'data')
      await t.rejects(
        (async () => {
          for await (const n of callControl(dir, 'count', {})) if (n === 20) engine.kill('SIGKILL')
        })(),
        { code: 'STORE_UNAVAILABLE', message: /ended before it had answered/ },
      )
      if (engine.signalCode === null) await once(engine, 'exit')
      await t.rejects(askControl(dir, 'x', {}), { code: 'NOT_FOUND', message: /no engine is running/ })
      const left = depth > 0 ? dirname(readFileSync(join(dir, 'control.path'), 'utf8')) : ''
      await serve(t, dir, { x: async () => 1 })
      t.equal(await askControl(dir, 'x', {}), 1)
      if (left) t.notOk(existsSync(left), 'nothing stays in the temporary directory')
    },
  )
}

t.test('a request that is not JSON', async t => {
  const dir = shortDir(t)
  await serve(t, dir, { x: async () => 1 })
  const sent = request({ socketPath: join(dir, 'control.sock'), path: '/x', method: 'POST', agent: false })
  sent.end('{')
  const [response] = await once(sent, 'response')
  const [chunk] = await once(response, 'data')
  t.match(JSON.parse(String(chunk)), { error: { code: 'USAGE' } })
})
