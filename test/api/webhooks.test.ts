import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import t from 'tap'
import { buildServer } from '../../api/server.ts'
import webhook from '../../connectors/webhook/index.ts'
import { fixedClock } from '../../engine/clock/clock.ts'
import { validate } from '../../engine/config/index.ts'
import { Receiving } from '../../engine/connect/receiving.ts'
import { StratumError } from '../../engine/errors.ts'
import { Engine } from '../../engine/runtime/engine.ts'
import { openStores } from '../../engine/runtime/stores.ts'
import { createMetrics } from '../../engine/telemetry/metrics.ts'
import { app as make } from '../../stratum.ts'
import { engineOptions, standard } from '../support/engine.ts'
import { temporaryFolder } from '../support/folder.ts'

t.setTimeout(120_000)

const SECRET = 'shhhhhhh'
const order = (id: number, price = '403.00') =>
  JSON.stringify({
    id,
    created_at: '2026-01-12T10:00:00Z',
    currency: 'USD',
    total_price: price,
    email: 'jon@example.com',
  })
const signed = (body: string) => createHmac('sha256', SECRET).update(body).digest('base64')

t.test('orders are in the log before the shop is answered, each once however often it is sent', async t => {
  const data = join(temporaryFolder(t), 'data')
  const secretKeys = Buffer.alloc(32, 7).toString('base64')
  const stores = await openStores(make(standard), engineOptions(data, { secretKeys }))
  const engine = new Engine(stores)
  t.teardown(async () => {
    await engine.stop()
    await stores.close()
  })
  await engine.start()
  const config = validate(webhook.spec, { secret: SECRET }, 'test') as Record<string, unknown>
  const { connections } = await stores.connect()
  const made = { tenant: 'acme', name: 'orders', source: 'webhook', schedule: 'manual', timezone: 'UTC' }
  await connections.add({ ...made, config, nextRunAt: null }, webhook.spec)
  const receiving = new Receiving(stores)
  let away = false
  const server = buildServer({
    warehouse: await stores.warehouse(),
    database: 'stratum',
    tenant: 'acme',
    clock: fixedClock('2026-01-13T00:00:00Z'),
    metrics: createMetrics(),
    dependencies: [],
    receive: async (...of) => {
      if (away) throw new StratumError('STORE_UNAVAILABLE', 'the log is away')
      return receiving.receive(...of)
    },
    measure: async () => {},
  })
  const send = async (body: string, { to = '/webhooks/acme/orders', mac = signed(body) } = {}) => {
    const headers = { 'x-shopify-hmac-sha256': mac, 'content-type': 'application/json' }
    const { statusCode, body: text } = await server.inject({
      method: 'POST',
      url: to,
      headers,
      payload: body,
    })
    return [statusCode, JSON.parse(text)] as const
  }
  t.match(await send(order(1)), [200, { data: { received: 1 } }])
  t.match(await send(order(1)), [200, { data: { received: 1 } }], 'sent again')
  t.match(await send(order(2, '10.00')), [200, { data: { received: 1 } }])
  t.match(await send('{"id":3}'), [200, { data: { received: 0 } }], 'to send it again would change nothing')
  t.match(await send(order(4), { mac: signed(order(5)) }), [401, { error: { code: 'UNAUTHENTICATED' } }])
  t.match(await send(order(4), { to: '/webhooks/acme/other' }), [404, { error: { code: 'NOT_FOUND' } }])
  t.match(await send(order(4), { to: '/webhooks/other/orders' }), [404, { error: { code: 'NOT_FOUND' } }])
  t.equal((await send('x'.repeat(2 << 20)))[0], 413)
  away = true
  t.match(await send(order(6)), [503, { error: { code: 'DEPENDENCY_DOWN' } }])
  away = false
  t.match(await send(order(6)), [200, { data: { received: 1 } }])
  await server.close()
  await receiving.close()
  await engine.drain()
  const warehouse = await stores.warehouse()
  const rows = await warehouse.query('SELECT transaction_id, value_micros FROM stratum.events ORDER BY 1')
  t.match(rows, [
    { transaction_id: '1', value_micros: '403000000' },
    { transaction_id: '2', value_micros: '10000000' },
    { transaction_id: '6' },
  ])
  t.equal(rows.length, 3)
  t.match(await warehouse.query('SELECT reason FROM stratum.dead_letters'), [{ reason: /no time at/ }])
})
