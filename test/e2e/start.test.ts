import { once } from 'node:events'
import t from 'tap'
import { temporaryFolder } from '../support/folder.ts'
import { json, lines, type Running, run, start } from '../support/program.ts'

t.setTimeout(220_000)

const data = temporaryFolder(t)
const DEMO = ['start', '--demo', '--port', '0', '--data', data]

interface Kpis {
  readonly data: {
    readonly currency: string | null
    readonly kpis: Readonly<Record<string, { value: number | null }>>
  }
  readonly meta: { readonly warnings: readonly string[] }
}

interface Connected {
  readonly name: string
  readonly status: string
  readonly last_run: string | null
  readonly dead_letters: number | null
  readonly error: string | null
}

/** What the demo simulates, by the names of the connections that read it. */
const PLATFORMS = ['ga4', 'google-ads', 'hubspot', 'meta', 'snapchat', 'tiktok']

/** The connections, once each platform was read, after a time (ISO 8601) where one is given. */
const readAfter = (time: string | null) =>
  until(
    () => json<Connected[]>(['connections', 'list', '--tenant', 'demo', '--data', data]),
    all => PLATFORMS.every(name => all.some(one => one.name === name && (one.last_run ?? '') > (time ?? ''))),
  )

/** Starts the demo and waits for the line that says where it answers. */
async function begin(t: Tap): Promise<{ child: Running; url: string }> {
  const child = start(DEMO)
  t.teardown(() => void child.kill('SIGKILL'))
  child.stderr.resume()
  for await (const line of lines(child.stdout)) {
    t.match(line, /^ready http:\/\/localhost:\d+$/)
    return { child, url: line.slice('ready '.length) }
  }
  throw new Error('it ended before it was ready')
}

interface Tap {
  teardown(fn: () => void): void
  match(found: unknown, wanted: unknown): boolean
}

async function get<T>(url: string): Promise<{ status: number; body: T }> {
  const answer = await fetch(url)
  return { status: answer.status, body: (await answer.json()) as T }
}

/** Asks again until the answer will do; the test's time-out ends what never comes. */
async function until<T>(ask: () => Promise<T>, enough: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (enough(answer)) return answer
    await new Promise(done => setTimeout(done, 2000))
  }
}

const rows = async (table: string) => {
  const [row] = await json<{ n: number | string }[]>([
    'query',
    `SELECT count() AS n FROM ${table}`,
    '--data',
    data,
  ])
  return Number(row!.n)
}

const verified = async (t: Pick<typeof import('tap').t, 'equal' | 'match'>) => {
  const { code, err } = await run(['verify', '--exactly-once', '--data', data])
  t.equal(code, 0, `verify agrees ${err}`)
}

let before = 0

t.test('the demo answers with figures of a shop that simulated platforms are read for', async t => {
  const { child, url } = await begin(t)
  t.match(await get(`${url}/v1/health/live`), { status: 200 })
  t.match(await get(`${url}/v1/health/ready`), { status: 200, body: { data: { status: 'ready' } } })
  const kpis = await until(
    () => get<Kpis>(`${url}/v1/analytics/kpis`),
    ({ body }) => body.data.kpis.revenue_cents?.value != null && body.data.kpis.roas?.value != null,
  )
  const { spend_cents, revenue_cents, roas, ctr } = kpis.body.data.kpis
  t.ok(spend_cents!.value! > 0 && revenue_cents!.value! > 0 && ctr!.value! > 0)
  t.ok(
    Math.abs(roas!.value! - revenue_cents!.value! / spend_cents!.value!) < 0.01,
    'sums first, then the ratio',
  )
  const connections = await readAfter(null)
  before = await until(
    () => rows('events'),
    n => n > 1000,
  )
  for (const { name, status, dead_letters, error } of connections)
    if (PLATFORMS.includes(name))
      t.match({ status, dead_letters, error }, { status: 'OK', dead_letters: 0, error: null }, name)
  t.match(await get(`${url}/v1/analytics/kpi`), { status: 404, body: { error: { message: String } } })
  t.match(await get(`${url}/v1/analytics/kpis?from=yesterday`), {
    status: 400,
    body: { error: { message: /from/ } },
  })

  const second = await run(DEMO)
  t.equal(second.code, 1)
  t.match(second.err, new RegExp(`in use by process ${child.pid} .*--data DIR`))
  t.notMatch(second.err, /\n\s+at /)

  const closed = once(child, 'close')
  child.kill('SIGINT')
  t.same(await closed, [0, null], 'Ctrl-C ends it cleanly')
  await verified(t)
})

t.test('started again it goes on from where it was; killed, it loses and doubles nothing', async t => {
  const { child } = await begin(t)
  await readAfter(new Date().toISOString())
  child.kill('SIGKILL')
  await once(child, 'close')
  const killed = new Date().toISOString()
  const again = await begin(t)
  await readAfter(killed)
  t.ok((await rows('events')) >= before)
  const closed = once(again.child, 'close')
  again.child.kill('SIGTERM')
  t.same(await closed, [0, null])
  await verified(t)
  const [row] = await json<{ n: number; ids: number }[]>([
    'query',
    'SELECT count() AS n, uniqExact(event_id) AS ids FROM events',
    '--data',
    data,
  ])
  t.equal(Number(row!.n), Number(row!.ids), 'no event is there twice')
})
