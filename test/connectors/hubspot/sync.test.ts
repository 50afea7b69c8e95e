import t from 'tap'
import hubspot from '../../../connectors/hubspot/index.ts'
import { stageOf } from '../../../connectors/hubspot/simulator/history.ts'
import { at } from '../../../plugins/simulator/world/crm.ts'
import { plainCrm } from '../../../plugins/simulator/world/plain-crm.ts'
import { BEGINS, DAY_US, house, latest, type Reading, STREAMS, truth } from './support.ts'

const KEYS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  hubspot.streams.map(s => [s.name, s.primaryKey]),
)

/** Nothing happens in the world any more. */
const QUIET = 200

t.test('a first sync comes to what the ledger says, to the micro', async t => {
  const { simulator, read } = await house(t, { people: 450, deals: 230, others: ['JPY', 'KWD', 'EUR'] })
  const { store } = simulator
  for (const type of ['contacts', 'deals'] as const)
    for (const { id } of [...store.all(type)].filter((_, i) => i % 9 === 4))
      store.archive(type, id, Date.UTC(2026, 2, 31))
  for (const stream of ['contacts', 'deals', 'deal_stages']) {
    const { records, rejected, batches } = await read(stream)
    t.same(rejected, [])
    t.ok(batches.length > 3, `${stream}: ${batches.length} pages`)
    t.same(latest(records, KEYS[stream]!), latest(truth(simulator, stream), KEYS[stream]!), stream)
    t.equal(records.length, truth(simulator, stream).length, `${stream}: none twice`)
  }
  const deals = simulator.ledger.deals()
  for (const currency of ['USD', 'JPY', 'KWD', 'EUR'])
    t.ok(deals.some(d => d.currency === currency && d.amount_micros))
})

t.test('amounts and stages are those of the world itself', async t => {
  const { simulator, read, clock } = await house(t, { others: ['JPY', 'KWD'] })
  const world = plainCrm({ seed: 7, begins: BEGINS, others: ['JPY', 'KWD'] })
  const { records } = await read('deals')
  const known = world.deals.filter(deal => deal.createdAt <= clock.at)
  t.equal(records.length, known.length)
  for (const deal of known) {
    const record = records.find(r => r.name === deal.name && r.created_at === deal.createdAt)!
    t.equal(record.amount_micros, at(deal.amounts, clock.at), deal.name)
    t.equal(record.stage, stageOf(at(deal.stages, clock.at)!).dealstage)
    t.equal(
      (record.contact_ids as string[]).length,
      deal.people.filter(p => world.people[p]!.createdAt < clock.at).length,
    )
  }
  t.ok(simulator.gate.calls > 0)
})

t.test('a sync every day comes to the same tables as one at the end', async t => {
  const { simulator, clock, read } = await house(t, { day: 80, people: 300, deals: 150 })
  const tables = new Map<string, Record<string, unknown>[]>()
  const states = new Map<string, unknown>()
  for (let day = 80; day <= 90; day++) {
    for (const stream of ['contacts', 'deals', 'deal_stages']) {
      const { records, state } = await read(stream, states.get(stream) ?? null)
      const known = tables.get(stream) ?? []
      tables.set(stream, latest([...known, ...records], KEYS[stream]!))
      states.set(stream, state)
    }
    clock.at += DAY_US
    simulator.catchUp()
    if (day === 84) simulator.store.archive('contacts', 10_001, clock.at / 1000 - 1000)
  }
  // Of the last day too; what is within the lag of now comes by the next sync.
  for (const stream of ['contacts', 'deals', 'deal_stages']) {
    const { records } = await read(stream, states.get(stream))
    const table = latest([...tables.get(stream)!, ...records], KEYS[stream]!)
    t.same(withoutAsOf(table), withoutAsOf(latest(truth(simulator, stream), KEYS[stream]!)), stream)
  }
})

/** A stage read earlier keeps the time at which it was read. */
const withoutAsOf = (rows: readonly Record<string, unknown>[]) => rows.map(({ as_of: _, ...row }) => row)

t.test('a later sync asks for what has changed, not for all', async t => {
  const { simulator, clock, read } = await house(t, { people: 900, deals: 10, day: QUIET })
  const { state } = await read('contacts')
  clock.at += DAY_US
  simulator.store.update('contacts', 10_005, { lifecyclestage: 'customer' }, clock.at / 1000 - 60_000)
  const before = simulator.gate.calls
  const { records } = await read('contacts', state)
  t.same(
    records.map(r => [r.contact_id, r.stage]),
    [['10005', 'customer']],
  )
  t.equal(simulator.gate.calls - before, 2, 'a search, and the list of what was archived')
})

t.test('an object archived is said to be deleted, restored it is back', async t => {
  const { simulator, clock, read } = await house(t, { day: QUIET })
  const { state } = await read('deals')
  clock.at += DAY_US
  const { id } = [...simulator.store.all('deals')][0]!
  simulator.store.archive('deals', id, clock.at / 1000 - 3_600_000)
  const gone = await read('deals', state)
  t.same(
    gone.records.map(r => [r.deal_id, r.is_deleted, r.updated_at]),
    [[String(id), true, clock.at - 3_600_000_000]],
    'the deletion is what happened last',
  )
  clock.at += DAY_US
  t.same((await read('deals', gone.state)).records, [], 'and is not said for ever')
  simulator.store.restore('deals', id, clock.at / 1000 - 60_000)
  const back = await read('deals', gone.state)
  t.same(
    back.records.map(r => [r.deal_id, r.is_deleted]),
    [[String(id), false]],
  )
})

t.test('owners, those who left included', async t => {
  const { read } = await house(t, { owners: 5 })
  const { records } = await read('owners')
  t.same(
    records.map(r => [r.owner_id, r.email, r.is_deleted]),
    [
      ['7001', 'seller0@company.example', false],
      ['7002', 'seller1@company.example', false],
      ['7003', 'seller2@company.example', false],
      ['7004', 'seller3@company.example', false],
      ['7005', 'seller4@company.example', true],
    ],
  )
})

t.test('a deal with more contacts than a page has them all', async t => {
  const { simulator, clock, read } = await house(t, { associationsPage: 3 })
  const deal = simulator.store.create(
    'deals',
    { dealname: 'Big', ...stageOf('proposal') },
    clock.at / 1000 - 60_000,
  )
  const contacts = [...simulator.store.all('contacts')].slice(0, 8).map(c => c.id)
  const { state } = await read('deals')
  clock.at += DAY_US
  for (const id of contacts) simulator.store.associate(deal.id, id, clock.at / 1000 - 60_000)
  const { records } = await read('deals', state)
  t.same(
    records.map(r => r.contact_ids),
    [contacts.map(String)],
  )
})

t.test('from every state the rest is read, and nothing twice', async t => {
  const { simulator, clock, read } = await house(t, {
    people: 720,
    deals: 310,
    associationsPage: 2,
    day: QUIET,
  })
  const { store } = simulator
  const each = (change: (type: 'contacts' | 'deals', id: number) => void) => {
    for (const type of ['contacts', 'deals'] as const)
      for (const { id, archivedAt } of [...store.all(type)]) if (archivedAt === null) change(type, id)
  }
  each((type, id) => id % 3 === 1 && store.archive(type, id, clock.at / 1000 - 3_600_000))
  const compared = async (stream: string, { batches }: Reading) => {
    for (const [i, { state }] of batches.slice(0, -1).entries())
      t.same(
        (await read(stream, state)).records,
        batches.slice(i + 1).flatMap(b => [...b.records]),
        `${stream} from ${JSON.stringify(state)}`,
      )
  }
  const states = new Map<string, unknown>()
  for (const stream of STREAMS) {
    const first = await read(stream)
    states.set(stream, first.state)
    await compared(stream, first)
  }
  clock.at += DAY_US
  each((type, id) => store.update(type, id, { hubspot_owner_id: '7002' }, clock.at / 1000 - 60_000))
  each((type, id) => id % 5 === 1 && store.archive(type, id, clock.at / 1000 - 50_000))
  for (const stream of ['contacts', 'deals', 'deal_stages']) {
    const second = await read(stream, states.get(stream))
    t.ok(second.batches.length > 2, `${stream}: ${second.batches.length} pages`)
    await compared(stream, second)
    const keys = second.records.map(r => KEYS[stream]!.map(key => r[key]).join(' '))
    t.equal(new Set(keys).size, keys.length, `${stream}: none twice`)
  }
})
