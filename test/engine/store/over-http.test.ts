import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { openClickHouse } from '../../../engine/store/clickhouse.ts'
import type { InsertBlock, Warehouse } from '../../../engine/store/warehouse.ts'

interface Request {
  readonly params: URLSearchParams
  readonly sql: string
  readonly body: Buffer
}
type Answer = (response: ServerResponse, request: Request) => void

interface Tap {
  teardown(fn: () => void | Promise<void>): void
}

/** A server that answers as it is told to: `answer`, but which settings it knows by `knows`. */
async function server(
  t: Tap,
  answer: Answer,
  knows: readonly string[] = ['deduplicate_insert', 'deduplicate_blocks_in_dependent_materialized_views'],
): Promise<{ warehouse: Warehouse; requests: Request[] }> {
  const requests: Request[] = []
  const http = createServer((incoming, response) => {
    requestOf(incoming).then(request => {
      const asks = `${request.sql}${request.body}`
      if (asks.includes('system.settings'))
        return response.end(knows.map(name => `${JSON.stringify({ name })}\n`).join(''))
      requests.push(request)
      answer(response, request)
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const warehouse = openClickHouse({ url, user: 'stratum', password: 'open sesame', database: 'house' })
  t.teardown(async () => {
    await warehouse.close()
    http.closeAllConnections()
    http.close()
  })
  return { warehouse, requests }
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const raw = await buffer(incoming)
  const body = incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
  const { searchParams: params } = new URL(incoming.url!, 'http://localhost')
  return { params, sql: params.get('query') ?? body.toString(), body }
}

/** An exception as a server words it. */
const refuses =
  (code: number, text: string, status = 500): Answer =>
  response => {
    response.writeHead(status, { 'X-ClickHouse-Exception-Code': String(code) })
    response.end(`Code: ${code}. DB::Exception: ${text} (SOME_NAME) (version 25.8.1.1)\n`)
  }

const block: InsertBlock = {
  database: 'house',
  table: 'rooms',
  columns: [{ name: 'n', type: 'UInt64' }],
  native: Buffer.from([1, 1, 1, 110, 6, 85, 73, 110, 116, 54, 52, 7, 0, 0, 0, 0, 0, 0, 0]),
  rows: 1,
  token: 'stratum:1.1:rooms:t:0:0-0',
}

/** Everything that can be asked of it. */
const asks = (warehouse: Warehouse): (() => Promise<unknown>)[] => [
  () => warehouse.query('SELECT 1'),
  () => warehouse.show('SELECT 1'),
  () => warehouse.command('SELECT 1'),
  () => warehouse.insert(block),
]

t.test('an insert is one block under its token, waited for, with what makes a repeat be known', async t => {
  const { warehouse, requests } = await server(t, response => response.end())
  await warehouse.insert(block)
  const [{ params, sql, body }] = requests as [Request]
  t.equal(sql, 'INSERT INTO house.rooms (n) FORMAT Native')
  t.same(body, block.native)
  const settings = {
    async_insert: '0',
    wait_end_of_query: '1',
    insert_deduplicate: '1',
    deduplicate_insert: 'enable',
    insert_deduplication_token: block.token,
  }
  for (const [name, value] of Object.entries(settings)) t.equal(params.get(name), value, name)
})

t.test('a server of before 26.2 refused every insert: it does not know one of the settings', async t => {
  const { warehouse, requests } = await server(
    t,
    (response, request) => {
      if (request.params.has('deduplicate_insert'))
        refuses(
          115,
          "Setting deduplicate_insert is neither a builtin setting nor started with the prefix 'SQL_'",
          404,
        )(response, request)
      else response.end()
    },
    ['deduplicate_blocks_in_dependent_materialized_views'],
  )
  await warehouse.insert(block)
  await warehouse.insert(block)
  t.equal(requests.length, 2)
  t.equal(requests[0]!.params.get('insert_deduplicate'), '1')
})

t.test('an insert whose answer broke off was taken for done, and ended the process', async t => {
  const { warehouse } = await server(t, response => {
    response.writeHead(200, { 'Content-Length': 100 })
    response.write('half')
    setImmediate(() => response.socket!.destroy())
  })
  await t.rejects(warehouse.insert(block), { code: 'STORE_UNAVAILABLE' })
})

t.test('what may pass is an outage, what would end the same is a refusal', async t => {
  let answer: Answer = response => response.end()
  const { warehouse } = await server(t, (response, request) => answer(response, request))
  // Codes of `conventions.md` 5.1, and no space left.
  for (const code of [3, 159, 164, 202, 203, 209, 210, 242, 243, 252, 285, 319, 425, 999, 1002]) {
    answer = refuses(code, 'Busy.')
    for (const ask of asks(warehouse))
      await t.rejects(ask(), { code: 'STORE_UNAVAILABLE', message: /^ClickHouse: Busy\./ })
  }
  for (const [code, status] of [
    [60, 404],
    [27, 400],
    [62, 400],
    [497, 403],
    [516, 403],
  ] as const) {
    answer = refuses(code, 'No.', status)
    for (const ask of asks(warehouse))
      await t.rejects(ask(), { code: 'STORE_REFUSED', message: /^ClickHouse: No\./ })
  }
})

t.test('a disk that is full is waited for, another fault of a file is not', async t => {
  let answer: Answer = response => response.end()
  const { warehouse } = await server(t, (response, request) => answer(response, request))
  answer = refuses(75, 'Cannot write to file: , errno: 28, strerror: No space left on device')
  await t.rejects(warehouse.insert(block), { code: 'STORE_UNAVAILABLE' })
  answer = refuses(75, 'Cannot write to file: , errno: 5, strerror: Input/output error')
  await t.rejects(warehouse.insert(block), { code: 'STORE_REFUSED' })
})

t.test('no answer, half an answer, an answer of something between: an outage each', async t => {
  const answers: Answer[] = [
    response => response.socket!.destroy(),
    response => {
      response.writeHead(200, { 'Content-Length': 100 })
      response.write('{"n"')
      setImmediate(() => response.socket!.destroy())
    },
    response => {
      response.writeHead(502, { 'Content-Type': 'text/html' })
      response.end(`<html>\n<body>\n<h1>Bad gateway</h1>\n${'\n<p>later</p>'.repeat(500)}</body></html>`)
    },
    response => {
      response.writeHead(503)
      response.end()
    },
  ]
  for (const [i, answer] of answers.entries()) {
    const { warehouse } = await server(t, answer)
    for (const ask of asks(warehouse))
      await t.rejects(ask(), { code: 'STORE_UNAVAILABLE', message: /^ClickHouse: ./ }, String(i))
  }
  const gone = openClickHouse({ url: 'http://127.0.0.1:9' })
  t.teardown(() => gone.close())
  for (const ask of asks(gone)) await t.rejects(ask(), { code: 'STORE_UNAVAILABLE', message: /ECONNREFUSED/ })
})

t.test('an error is one line that fits a screen, and never holds the password', async t => {
  const { warehouse } = await server(t, refuses(62, `Syntax error:\n\n  ${'SELECT x,\n'.repeat(400)}`))
  for (const ask of asks(warehouse)) {
    const error = await ask().then(
      () => null,
      (found: Error) => found,
    )
    t.match(error!.message, /^ClickHouse: Syntax error: SELECT x, SELECT/)
    t.notMatch(error!.message, /\n|open sesame/)
    t.ok(error!.message.length <= 512)
  }
})

t.test('the client printed every failure once more, with its stack trace', async t => {
  const printed = (['debug', 'info', 'log', 'warn', 'error'] as const).map(name =>
    t.capture(console, name, () => {}),
  )
  const { warehouse } = await server(t, refuses(62, 'Syntax error'))
  await t.rejects(warehouse.query('SELECT'))
  await t.rejects(warehouse.insert(block))
  t.same(
    printed.flatMap(calls => calls()),
    [],
  )
})

t.test('a store that was away at the first question is asked again', async t => {
  let away = true
  const { warehouse } = await server(t, response => {
    if (away) response.socket!.destroy()
    else response.end('{"n":7}\n')
  })
  await t.rejects(warehouse.query('SELECT 7 AS n', {}, { readonly: true }), { code: 'STORE_UNAVAILABLE' })
  away = false
  t.same(await warehouse.query('SELECT 7 AS n', {}, { readonly: true }), [{ n: 7 }])
  t.same(await warehouse.show('SELECT 7 AS n'), [{ n: 7 }])
})

t.test('a question nobody waits for any more ends with that, not as an outage', async t => {
  const asked = new AbortController()
  const { warehouse } = await server(t, () => asked.abort(new Error('enough')))
  await t.rejects(warehouse.query('SELECT sleep(3)', {}, { signal: asked.signal }), { message: 'enough' })
})

t.test(
  'an exception behind the first rows was read as one more row: now there is none before the last',
  async t => {
    const { warehouse, requests } = await server(t, response => response.end('{"n":1}\n'))
    await warehouse.query('SELECT 1 AS n')
    await warehouse.show('SELECT 1 AS n')
    t.same(
      requests.map(({ params }) => params.get('wait_end_of_query')),
      ['1', '1'],
    )
  },
)

t.test('an insert nobody waits for any more is an outage: it may be done', async t => {
  const given = new AbortController()
  const { warehouse } = await server(t, () => given.abort())
  await t.rejects(warehouse.insert(block, given.signal), { code: 'STORE_UNAVAILABLE' })
})

t.test('questions that may change nothing say so, and values travel apart from the statement', async t => {
  const { warehouse, requests } = await server(t, response => response.end('{"n":1}\n'))
  await warehouse.query('SELECT {n:UInt64} AS n', { n: 9 }, { readonly: true })
  await warehouse.query('SELECT 1 AS n')
  await warehouse.show('SELECT 1 AS n')
  t.same(
    requests.map(({ params }) => [params.get('readonly'), params.get('database'), params.get('param_n')]),
    [
      ['2', 'house', '9'],
      [null, null, null],
      ['2', 'house', null],
    ],
  )
})
