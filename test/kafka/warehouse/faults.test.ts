import { setTimeout as wait } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { randomAt } from '../../../connectors/shop/model/random.ts'
import { silent } from '../../../engine/runtime/options.ts'
import { openCut } from '../../../engine/sink/inserter.ts'
import { openClickHouse } from '../../../engine/store/clickhouse.ts'
import type { Fault } from '../../support/servers/warehouse/faults.ts'
import { startWarehouse } from '../../support/servers/warehouse.ts'
import { type House, type Some, THINGS, Things } from '../../support/things.ts'

const server = await startWarehouse()
const { url } = server
t.teardown(() => server.stop())
const lab = new Things(t, {
  url,
  open: async database => openClickHouse({ url, database, timeoutSeconds: 4 }),
})

const NO_DAY = { day: '1815-06-18' }
/** Days of four months: an insert of some of them makes several parts. */
const DAYS = ['2026-01-05', '2026-02-05', '2026-03-05', '2026-04-05', NO_DAY.day]

function some(n: number, seed: number | string): Some[] {
  const random = randomAt('things', seed)
  return Array.from({ length: n }, () => ({ day: DAYS[Math.floor(random() * DAYS.length)]! }))
}

/** Every offset of the log is a row or a dead letter, none twice: asked of the server without the engine. */
async function agrees(t: Test, house: House, all: readonly Some[], what: string): Promise<void> {
  await arrived()
  const ask = async (table: string, column: string) => {
    const query = `SELECT ${column} FROM ${house.database}.${table} ORDER BY 1 FORMAT TSV`
    const text = await (await fetch(`${url}/`, { method: 'POST', body: query })).text()
    return text.split('\n').filter(line => line !== '')
  }
  const offsets = all.map((thing, offset) => ({ offset, bad: thing.day === NO_DAY.day }))
  const wanted = (bad: boolean) => offsets.filter(o => o.bad === bad).map(o => String(o.offset))
  t.same(await ask('things', '_offset'), wanted(false), `${what}: rows`)
  const letters = await ask('dead_letters', "toUInt64(splitByChar('@', origin)[2])")
  t.same(letters, wanted(true), `${what}: dead letters`)
  t.match(await house.verdict(), { lost: 0, doubled: 0, alien: 0 }, `${what}: verify`)
}

/** Inserts that were only late have come as well. */
async function arrived(): Promise<void> {
  while ((await server.inserts()).some(insert => insert.fault === 'late' && !insert.done)) await wait(20)
}

/** Makes things with faults in force, and is back when all are settled. */
async function settle(house: House, things: readonly Some[], ...faults: Fault[]): Promise<Fault[]> {
  await server.fault(...faults)
  for (let i = 0; i < things.length; i += 7) await house.append(...things.slice(i, i + 7))
  await house.drain()
  const struck = (await server.faults()).filter(fault => fault.struck > 0)
  await server.heal()
  return struck
}

t.test('whatever becomes of an insert or its answer, its rows are there once', async t => {
  const house = await lab.house({ cut: { rows: 5, bytes: 1 << 20, ms: 1 } })
  await house.start()
  const faults: Fault[] = [
    ...[252, 319, 241, 242, 999].map(code => ({ do: 'error', code }) as const),
    { do: 'error', status: 502 },
    { do: 'error', code: 319, when: 'after' },
    { do: 'error', status: 504, when: 'after' },
    { do: 'close' },
    { do: 'close', when: 'after' },
    { do: 'cut', when: 'after' },
    { do: 'late', ms: 300 },
    { do: 'hang' },
    { do: 'hang', when: 'after' },
  ]
  const all: Some[] = []
  for (const [i, fault] of faults.entries()) {
    const things = some(12, i)
    all.push(...things)
    // The read-back that follows goes wrong too.
    const readBack: Fault = { do: 'error', code: 202, on: 'query', times: 1 }
    const struck = await settle(house, things, { ...fault, times: 2 }, readBack)
    t.equal(struck.length, 2, JSON.stringify(fault))
    await agrees(t, house, all, JSON.stringify(fault))
  }
  await house.close()
})

t.test('any mixture of them', async t => {
  for (const seed of [1, 2, 3]) {
    const house = await lab.house({ cut: { rows: 5, bytes: 1 << 20, ms: 1 } })
    await house.start()
    const all = some(150, `mixture ${seed}`)
    const chance = 0.06
    const struck = await settle(
      house,
      all,
      { do: 'close', when: 'after', chance, seed },
      { do: 'late', ms: 200, chance, seed: seed + 10 },
      { do: 'cut', when: 'after', chance, seed: seed + 20 },
      { do: 'error', code: 252, chance, seed: seed + 30 },
      { do: 'error', code: 319, when: 'after', chance, seed: seed + 40 },
      { do: 'hang', when: 'after', times: 1, skip: 4 },
      { do: 'error', status: 503, on: 'query', chance: 0.2, seed: seed + 50 },
    )
    t.ok(struck.length >= 4)
    await agrees(t, house, all, `seed ${seed}`)
    await house.close()
  }
})

t.test('killed in the middle of inserts, again and again', async t => {
  const outages: unknown[] = []
  const outage = (_: string, error: unknown) => outages.push(error)
  const house = await lab.house({ cut: { rows: 40, bytes: 1 << 20, ms: 1 }, observer: { ...silent, outage } })
  await house.start()
  const all: Some[] = []
  const random = randomAt('kills')
  for (let round = 0; round < 8; round++) {
    const things = some(60, `round ${round}`)
    all.push(...things)
    await server.fault({ do: 'die', when: 'during', ms: Math.floor(random() * 12), skip: round % 2 })
    await house.append(...things)
    await server.ended()
    // What the engine meets when nothing listens.
    while (outages.length === 0) await wait(5)
    await server.restart()
    await house.drain()
    outages.length = 0
  }
  await agrees(t, house, all, 'after all kills')
  await house.close()
})

t.test(
  'an engine that is stopped while the warehouse hangs ends, and the next one settles what is open',
  async t => {
    const house = await lab.house({ cut: { rows: 5, bytes: 1 << 20, ms: 1 } })
    await house.start()
    const all = some(9, 'hang')
    await house.append(...all.slice(0, 4))
    await house.drain()
    await server.fault({ do: 'hang', when: 'after', times: 1 })
    await house.append(...all.slice(4))
    while (!(await server.faults()).some(fault => fault.struck > 0)) await wait(5)
    server.pause()
    await house.stop()
    server.resume()
    t.ok(openCut(house.stores.log, 'things', 0), 'a cut is open')
    t.equal((await house.stores.log.bounds(THINGS, 0)).end, 9)
    await house.start()
    await house.drain()
    await agrees(t, house, all, 'after the next start')
    await house.close()
  },
)
