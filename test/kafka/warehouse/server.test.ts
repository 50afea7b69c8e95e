import { createClient } from '@clickhouse/client'
import t from 'tap'
import type { Fault } from '../../support/servers/warehouse/faults.ts'
import { startWarehouse } from '../../support/servers/warehouse.ts'

t.setTimeout(240_000)
const server = await startWarehouse({
  users: {
    default: { password: '' },
    anna: { password: 'open: sesame' },
    guest: { password: 'guest', readonly: 2 },
  },
})
t.teardown(() => server.stop())

const post = (sql: string, search: Record<string, string> = {}, init: RequestInit = {}) =>
  fetch(`${server.url}/?${new URLSearchParams(search)}`, { method: 'POST', body: sql, ...init })

t.test('it speaks to the client: rows, parameters, compression both ways', async t => {
  const client = createClient({
    url: server.url,
    username: 'anna',
    password: 'open: sesame',
    compression: { request: true, response: true },
  })
  t.teardown(() => client.close())
  t.ok((await client.ping()).success)
  await client.command({ query: 'CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n' })
  const values = [
    { n: '1', s: "it's\ta \\ tab" },
    { n: '18446744073709551615', s: 'ü' },
  ]
  await client.insert({ table: 't', values, format: 'JSONEachRow' })
  const answer = await client.query({
    query: 'SELECT n, s FROM t WHERE s = {s:String} OR n IN {ns:Array(UInt64)} ORDER BY n',
    query_params: { s: "it's\ta \\ tab", ns: [18_446_744_073_709_551_615n] },
    format: 'JSONEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
  })
  t.match(answer.response_headers, { 'content-encoding': 'gzip', 'x-clickhouse-summary': /"read_rows":"2"/ })
  t.same(await answer.json(), values)
})

t.test('exceptions come with their code and the status the server gives them', async t => {
  for (const [sql, search, status, code] of [
    ['SELECT x FROM nope', {}, 404, '60'],
    ['SELECT 1 +', {}, 400, '62'],
    ['SELECT 1', { bogus: '1' }, 404, '115'],
    ['SELECT 1', { database: 'nope' }, 404, '81'],
    ['SELECT 1', { user: 'anna', password: 'wrong' }, 403, '516'],
    ['CREATE DATABASE x', { user: 'guest', password: 'guest' }, 500, '164'],
    ['CREATE DATABASE x', { readonly: '2' }, 500, '164'],
  ] as const) {
    const answer = await post(sql, search)
    const text = await answer.text()
    t.equal(answer.status, status, sql)
    t.equal(answer.headers.get('x-clickhouse-exception-code'), code, sql)
    t.match(text, new RegExp(`^Code: ${code}\\. DB::Exception: `), sql)
  }
  t.match(
    await (await fetch(`${server.url}/?query=CREATE+DATABASE+x`)).text(),
    /^Code: 164\./,
    'GET only asks',
  )
})

t.test('settings end with their statement', async t => {
  const value = async (search = {}) => (await post("SELECT getSetting('max_threads')", search)).text()
  t.equal(await value({ max_threads: '3' }), '3\n')
  t.not(await value(), '3\n')
})

t.test('binary rows go in once under their token', async t => {
  await post(
    'CREATE TABLE b (n UInt64) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 100',
  )
  const native = Buffer.from(await (await post('SELECT toUInt64(7) AS n FORMAT Native')).arrayBuffer())
  const insert = (insert_deduplication_token: string) =>
    post('', { query: 'INSERT INTO b (n) FORMAT Native', insert_deduplication_token }, { body: native })
  for (const token of ['a', 'a', 'b']) t.equal((await insert(token)).status, 200)
  t.equal(await (await post('SELECT n, count() FROM b GROUP BY n')).text(), '7\t2\n')
})

t.test('faults strike as they are told to, and committed is what they say', async t => {
  await post('CREATE TABLE f (n UInt64) ENGINE = MergeTree ORDER BY n')
  let n = 0
  /** What an insert comes to: a status, or no answer. */
  const insert = async () => {
    const answer = await post(`INSERT INTO f VALUES (${++n})`, {}, { signal: AbortSignal.timeout(2_000) })
    await answer.text()
    return answer.status
  }
  const there = async () =>
    (await (await post('SELECT n FROM f ORDER BY n')).text()).trim().split('\n').map(Number)
  const outcomes: [Fault, number | 'none', boolean][] = [
    [{ do: 'error', code: 252 }, 500, false],
    [{ do: 'error', status: 502 }, 502, false],
    [{ do: 'error', code: 319, when: 'after' }, 500, true],
    [{ do: 'close' }, 'none', false],
    [{ do: 'close', when: 'after' }, 'none', true],
    [{ do: 'cut', when: 'after' }, 'none', true],
    [{ do: 'hang' }, 'none', false],
    [{ do: 'hang', when: 'after' }, 'none', true],
  ]
  for (const [fault, status, done] of outcomes) {
    await server.fault({ ...fault, times: 1 })
    t.equal(await insert().catch(() => 'none'), status, JSON.stringify(fault))
    t.equal((await there()).includes(n), done, JSON.stringify(fault))
  }
  await server.heal()
  await server.fault({ do: 'late', times: 1, ms: 50 })
  await t.rejects(insert())
  while (!(await there()).includes(n));
  t.match((await server.faults())[0], { do: 'late', struck: 1 })
  t.match((await server.inserts()).at(-1), { fault: 'late', done: true })
  await server.heal()

  await server.fault({ do: 'error', chance: 0.5, seed: 3, code: 241 }, { do: 'error', on: 'query', times: 1 })
  const drawn: number[] = []
  for (let i = 0; i < 10; i++) drawn.push(await insert())
  await server.heal()
  await server.fault({ do: 'error', chance: 0.5, seed: 3, code: 241 })
  const again: number[] = []
  for (let i = 0; i < 10; i++) again.push(await insert())
  t.same(again, drawn)
  t.ok(drawn.includes(200) && drawn.includes(500))
  await server.heal()
})

t.test('killed in the middle and started again it has what it had acknowledged', async t => {
  await post('CREATE TABLE k (n UInt64) ENGINE = MergeTree ORDER BY n')
  await post('INSERT INTO k SELECT number FROM numbers(1000)')
  await server.fault({ do: 'die', when: 'during', ms: 5 })
  await t.rejects(post('INSERT INTO k SELECT number FROM numbers(3000000)').then(r => r.text()))
  await server.ended()
  await server.restart()
  t.ok(Number(await (await post('SELECT count() FROM k')).text()) >= 1000)
  t.same(await server.faults(), [])
})
