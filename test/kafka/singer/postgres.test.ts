import t from 'tap'
import singer from '../../../connectors/singer/index.ts'
import { sourceContext } from '../../../engine/source/context.ts'
import { failure } from '../../support/failure.ts'
import { type PostgresServer, postgresMissing, startPostgres } from '../../support/servers/postgres.ts'
import {
  installedTap,
  PIPELINEWISE_TAP_POSTGRES,
  TAP_POSTGRES,
  type TapPackage,
  tapsMissing,
} from '../../support/servers/taps.ts'
import { processesOf, type Settings, settings, Target } from './reading.ts'

t.setTimeout(500_000)

const SCHEMA = `
  CREATE TABLE orders (id bigint PRIMARY KEY, amount numeric(40, 18), changed_at timestamptz NOT NULL);
  CREATE TABLE prices (item text PRIMARY KEY, price numeric);
`
const REPLICATION = {
  'public-orders': { method: 'INCREMENTAL', key: 'changed_at' },
  'public-prices': { method: 'FULL_TABLE' },
}
const BIG = '9007199254740992'

const addOrders = (from: number, to: number, at: string) =>
  `INSERT INTO orders SELECT ${BIG} + i, i * 1.000000000000000001,
     timestamptz '${at}' + i * interval '1 second' FROM generate_series(${from}, ${to}) i;`
const addPrices = (from: number, to: number) =>
  `INSERT INTO prices SELECT 'item ' || i, i / 7.0 FROM generate_series(${from}, ${to}) i;`

interface Variant {
  readonly title: string
  readonly tap: TapPackage
  config(port: number): Settings
}

const login = { host: '127.0.0.1', user: 'stratum', password: 'secret-password' }
const VARIANTS: readonly Variant[] = [
  {
    title: "tap-postgres of Meltano's SDK",
    tap: TAP_POSTGRES,
    config: port => ({ ...login, port, database: 'stratum', filter_schemas: ['public'] }),
  },
  {
    title: 'tap-postgres of PipelineWise',
    tap: PIPELINEWISE_TAP_POSTGRES,
    config: port => ({ ...login, port, dbname: 'stratum', filter_schemas: 'public' }),
  },
]

/** What is in the database, as it is in the target: digits as they are written. */
async function inDatabase(server: PostgresServer): Promise<{ orders: string[]; prices: string[] }> {
  const rows = async (sql: string) => (await server.sql(sql)).split('\n').filter(Boolean).sort()
  return {
    orders: await rows('SELECT id, amount FROM orders'),
    prices: await rows('SELECT item, price FROM prices'),
  }
}

const inTarget = (target: Target) => ({
  orders: target.table('public-orders', ['id', 'amount']),
  prices: target.table('public-prices', ['item', 'price']),
})

for (const { title, tap, config } of VARIANTS)
  t.test(title, { skip: tapsMissing() ?? postgresMissing() ?? false }, async t => {
    const program = await installedTap(tap)
    const server = await startPostgres()
    t.teardown(() => server.stop())
    const port = Number(new URL(server.url).port)
    const reading = settings(program, config(port), { replication: REPLICATION })
    const fresh = () => server.sql(`DROP TABLE IF EXISTS orders; DROP TABLE IF EXISTS prices; ${SCHEMA}`)

    await t.test('what is added and changed between runs arrives, and no more than that', async t => {
      await fresh()
      await server.sql(addOrders(1, 3000, '2026-01-01Z') + addPrices(1, 500))
      const target = new Target()
      await target.read(reading)
      t.same(inTarget(target), await inDatabase(server))
      t.equal(target.records('public-orders'), 3000)
      await server.sql(
        `UPDATE orders SET amount = -amount, changed_at = '2026-02-01Z' WHERE id % 60 = 0;
         UPDATE prices SET price = price + 0.01 WHERE item LIKE '%7';
         DELETE FROM prices WHERE item LIKE '%9';
         ${addOrders(3001, 3020, '2026-03-01Z')} ${addPrices(501, 520)}`,
      )
      await target.read(reading)
      const { orders, prices } = await inDatabase(server)
      t.same(inTarget(target).orders, orders)
      const kept = inTarget(target).prices
      t.same(
        prices.filter(row => !kept.includes(row)),
        [],
      )
      // Only a tap that sends versions tells what was deleted.
      if (target.rows.some(row => row.type === 'ACTIVATE_VERSION')) t.same(kept, prices)
      const again = target.records('public-orders') - 3000
      t.ok(again >= 70 && again <= 72, `${again} of 70 orders that are new, and those at the bookmark`)
    })

    await t.test('killed in the middle, again and again, while the tables change', async t => {
      await fresh()
      await server.sql(addOrders(1, 40_000, '2026-01-01Z') + addPrices(1, 30_000))
      const target = new Target()
      let kills = 0
      for (let attempt = 0; ; attempt++) {
        const kill = async () => {
          if (kills > attempt || attempt > 6) return
          const pids = processesOf(program)
          if (pids.length === 0) return
          kills++
          for (const pid of pids) process.kill(pid, 'SIGKILL')
        }
        try {
          await target.read(reading, kill)
          break
        } catch (error) {
          t.match(error, { kind: 'retryable', message: /^tap-postgres was ended by SIGKILL/ })
          if (attempt === 1)
            await server.sql(
              `${addOrders(40_001, 40_100, '2026-02-01Z')} UPDATE prices SET price = 0 WHERE item LIKE '%00'`,
            )
        }
      }
      t.ok(kills >= 2, `${kills} kills`)
      t.same(inTarget(target), await inDatabase(server))
      t.comment(
        `${kills} kills; ${target.records('public-orders')} records of 40,100 orders, ${target.records('public-prices')} of 30,000 prices`,
      )
    })

    await t.test('what is wrong is told apart, and no secret is in it', async t => {
      await server.sql('CREATE ROLE guest LOGIN; GRANT USAGE ON SCHEMA public TO guest')
      const wrong = async (over: Settings) => {
        const broken = { ...reading, config: { ...config(port), ...over } }
        const notices: string[] = []
        const context = {
          ...sourceContext({ config: broken, notice: message => notices.push(message) }),
          state: null,
        }
        const error = await failure(
          (async () => {
            await singer.check(context)
            for await (const _ of singer.read('records', context));
          })(),
        )
        t.notMatch(`${error.message} ${notices.join(' ')}`, /secret-password|guest|no_such/)
        t.notMatch(error.message, /\n/)
        return error
      }
      t.match(await wrong({ port: 1 }), { kind: 'retryable', message: /refused/ })
      t.match(await wrong({ user: 'no_such' }), { kind: 'auth', lack: 'credentials' })
      t.match(await wrong({ user: 'guest' }), /permission denied|offers no stream|0 tables were discovered/)
    })
  })
