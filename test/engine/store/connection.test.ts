import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { openClickHouse } from '../../../engine/store/clickhouse.ts'
import type { Connection } from '../../../engine/store/connection.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { which } from '../../support/servers/machine.ts'
import { makeTls } from '../../support/servers/tls.ts'

interface Tap {
  teardown(fn: () => void | Promise<void>): void
}

async function listening(t: Tap, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** What a question fails with. */
async function failure(connection: Connection): Promise<{ code: string; message: string }> {
  const warehouse = openClickHouse(connection)
  try {
    await warehouse.query('SELECT 1')
  } catch (error) {
    const { code, message } = error as { code: string; message: string }
    return { code, message }
  } finally {
    await warehouse.close()
  }
  throw new Error('it was answered')
}

const refusing =
  (code: number, text: string): RequestListener =>
  (_, response) => {
    response.writeHead(403, { 'X-ClickHouse-Exception-Code': String(code) })
    response.end(`Code: ${code}. DB::Exception: ${text} (SOME_NAME) (version 25.8.1.1)\n`)
  }

t.test('who sets it up wrong is told what is wrong, where, and what to do', async t => {
  let answer: RequestListener = (_, response) => void response.end('{"x":1}\n')
  const port = await listening(
    t,
    createServer((request, response) => answer(request, response)),
  )
  const url = `http://127.0.0.1:${port}`
  const user = 'anna'
  const password = 'hunter2'
  const says = async (pattern: RegExp, more: Partial<Connection> = {}, code = 'STORE_UNAVAILABLE') => {
    const found = await failure({ url, user, password, ...more })
    t.equal(found.code, code)
    t.match(found.message, pattern)
    t.notMatch(found.message, /hunter2|\n/)
  }
  await says(/nothing listens at http:\/\/127\.0\.0\.1:9 \(ECONNREFUSED\)/, { url: 'http://127.0.0.1:9' })
  await says(/host nowhere\.invalid .*warehouse\.url/, { url: 'http://nowhere.invalid:8123' })
  await says(/https:.* does not speak TLS .*http:/, { url: url.replace('http:', 'https:') })

  answer = () => {}
  await says(/no answer from http:\/\/127\.0\.0\.1:\d+ in 1 s \(warehouse\.timeoutSeconds\)/, {
    timeoutSeconds: 1,
  })

  answer = (_, response) => {
    response.writeHead(404, { 'Content-Type': 'text/html' })
    response.end('<html><body><h1>Not found</h1></body></html>')
  }
  await says(/answers, but not as ClickHouse: Not found/)

  answer = refusing(516, 'anna: Authentication failed: the password hunter2 is incorrect.')
  await says(/Authentication failed: .*\(.*warehouse\.user anna: check it/, {}, 'STORE_REFUSED')
  answer = refusing(497, 'anna: Not enough privileges.')
  await says(/Not enough privileges\. \(.*warehouse\.user anna: grant it/, {}, 'STORE_REFUSED')
  answer = refusing(164, "Cannot modify 'x' setting in readonly mode.")
  await says(/readonly mode\. \(.*warehouse\.user anna: it may only read/)
})

t.test('a URL is a place, and nothing else', async t => {
  const invalid = (url: string, message: RegExp) =>
    t.throws(() => openClickHouse({ url }), { code: 'CONFIG_INVALID', message })
  invalid('http://anna:secret@localhost:8123', /^warehouse\.url: leave user and password out of it/)
  invalid('http://localhost:8123/?database=x', /^warehouse\.url: leave \?database=x out of it/)
  const asked: string[] = []
  const port = await listening(
    t,
    createServer((request, response) => {
      asked.push(request.url!)
      response.end('{"n":1}\n')
    }),
  )
  const warehouse = openClickHouse({ url: `http://127.0.0.1:${port}/behind/a/proxy`, compression: false })
  t.teardown(() => warehouse.close())
  t.same(await warehouse.query('SELECT 1 AS n'), [{ n: 1 }])
  t.match(asked, [/^\/behind\/a\/proxy\/?\?/])
  t.notMatch(asked[0], /database=|enable_http_compression/)
})

t.test('TLS', { skip: which('openssl') === null && 'needs openssl' }, async t => {
  const files = await makeTls(join(temporaryFolder(t), 'tls'))
  const pem = readFileSync(files.server)
  const ca = readFileSync(files.ca)
  const headers: Record<string, unknown>[] = []
  const listener: RequestListener = (request, response) => {
    headers.push(request.headers)
    response.end('{"n":1}\n')
  }
  const port = await listening(t, createTlsServer({ key: pem, cert: pem }, listener))
  const strict = await listening(t, createTlsServer({ key: pem, cert: pem, ca, requestCert: true }, listener))
  const url = `https://127.0.0.1:${port}`
  const answers = async (connection: Connection) => {
    const warehouse = openClickHouse(connection)
    t.teardown(() => warehouse.close())
    t.same(await warehouse.query('SELECT 1 AS n'), [{ n: 1 }])
  }
  t.match(await failure({ url }), { code: 'STORE_UNAVAILABLE', message: /is not trusted .*warehouse\.tls/ })
  await answers({ url, tls: { ca: files.ca } })
  await answers({ url, tls: { verify: false } })
  const { ca: authority, cert, key } = files
  const both = { url: `https://127.0.0.1:${strict}`, user: 'anna', tls: { ca: authority, cert, key } }
  t.match(await failure({ ...both, tls: { ca: authority } }), {
    message: /wants another certificate .*tls\.cert/,
  })
  headers.length = 0
  await answers({ ...both, password: 'secret' })
  await answers(both)
  t.match(headers[0], { authorization: `Basic ${Buffer.from('anna:secret').toString('base64')}` })
  t.match(headers[1], { 'x-clickhouse-user': 'anna', 'x-clickhouse-ssl-certificate-auth': 'on' })
  t.notHas(headers[1], 'authorization')
  t.throws(() => openClickHouse({ url, tls: { ca: join(authority, 'nowhere') } }), {
    code: 'CONFIG_INVALID',
    message: /^warehouse\.tls\.ca: .*nowhere/,
  })
})
