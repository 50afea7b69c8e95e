import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import t from 'tap'
import { connectionOptions } from '../../../../engine/store/catalogue/connection.ts'
import { PostgresCatalogue } from '../../../../engine/store/catalogue/postgres.ts'

const user = 'stratum'

t.test('a URL is a place and nothing else', async t => {
  const { pool, place } = connectionOptions({ url: 'postgresql://db.example/house', user })
  t.match(pool, {
    host: 'db.example',
    port: 5432,
    database: 'house',
    user,
    ssl: false,
    application_name: 'stratum',
  })
  t.equal(place?.database, 'house')
  t.match(connectionOptions({ url: 'postgres://[::1]:6543/a%20b', user }).pool, {
    host: '::1',
    port: 6543,
    database: 'a b',
  })
  for (const [url, word] of [
    ['postgresql://me@db.example/house', /catalogue\.user/],
    ['postgresql://me:open@db.example/house', /catalogue\.password/],
    ['postgresql://db.example/house?sslmode=require', /sslmode.*catalogue\.tls/],
    ['postgresql://db.example', /database/],
    ['postgresql://db.example/', /database/],
    ['postgresql://db.example/a/b', /database/],
  ] as const)
    t.throws(() => connectionOptions({ url, user }), { code: 'CONFIG_INVALID', message: word }, url)
})

t.test('a file of TLS that cannot be read is named by its setting', async t => {
  const options = { url: 'postgresql://db.example/house', user, tls: { enabled: true, ca: '/no/such.pem' } }
  t.throws(() => connectionOptions(options), {
    code: 'CONFIG_INVALID',
    message: /catalogue\.tls\.ca.*no\/such\.pem/,
  })
})

t.test('a server that is too old is refused, with what is needed', async t => {
  const server = createServer(socket => {
    const message = (kind: string, body: Buffer) => {
      const head = Buffer.from(`${kind}    `)
      head.writeInt32BE(body.length + 4, 1)
      return Buffer.concat([head, body])
    }
    const ready = message('Z', Buffer.from('I'))
    const text = (...words: (string | Buffer)[]) => Buffer.concat(words.map(w => Buffer.from(w)))
    // One column of text, one row: the version.
    const column = message(
      'T',
      text(
        [0, 1] as never,
        'version\0',
        Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 255, 255, 255, 255, 255, 255, 0, 0]),
      ),
    )
    const row = message('D', text(Buffer.from([0, 1, 0, 0, 0, 4]), '9.6 '))
    socket.once('data', () => {
      socket.write(Buffer.concat([message('R', Buffer.alloc(4)), ready]))
      socket.on('data', () =>
        socket.write(Buffer.concat([column, row, message('C', text('SELECT 1\0')), ready])),
      )
    })
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `postgresql://127.0.0.1:${(server.address() as AddressInfo).port}/stratum`
  const catalogue = new PostgresCatalogue(connectionOptions({ url, user }))
  t.teardown(async () => {
    await catalogue.close()
    server.close()
  })
  const refused = { code: 'STORE_REFUSED', message: /PostgreSQL 9\.6.*15 or newer/ }
  await t.rejects(catalogue.query('system', 'SELECT 1'), refused)
  await t.rejects(catalogue.plan(), refused)
  await t.rejects(catalogue.migrate(), refused)
})
