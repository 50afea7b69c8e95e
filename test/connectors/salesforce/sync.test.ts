import fc from 'fast-check'
import t from 'tap'
import { at } from '../../../plugins/simulator/world/crm.ts'
import { plainCrm } from '../../../plugins/simulator/world/plain-crm.ts'
import { BEGINS, DAY_US, house, latest, QUIET, STREAMS, truth } from './support.ts'

t.test('a first sync comes to what the ledger says, to the micro; with one currency or several', async t => {
  for (const isMulti of [true, false]) {
    const { simulator, read, clock } = await house(t, {
      isMulti,
      currency: isMulti ? 'USD' : 'JPY',
      others: ['JPY', 'KWD', 'EUR'],
      people: 200,
      deals: 120,
    })
    for (const object of ['Opportunity', 'Lead'] as const)
      for (const { Id } of [...simulator.store.all(object)].filter((_, i) => i % 9 === 4))
        simulator.store.remove(object, Id, clock.at / 1000 - 3_600_000)
    for (const stream of STREAMS) {
      const { records, rejected, batches } = await read(stream)
      t.same(rejected, [])
      t.ok(batches.length > 3, `${stream}: ${batches.length} pages`)
      t.same(latest(records, stream), latest(truth(simulator, stream), stream), stream)
      t.equal(records.length, truth(simulator, stream).length, `${stream}: none twice`)
    }
  }
})

t.test('amounts and stages are those of the world itself', async t => {
  const { read, clock } = await house(t, { others: ['JPY', 'KWD'] })
  const world = plainCrm({ seed: 7, begins: BEGINS, others: ['JPY', 'KWD'] })
  const { records } = await read('opportunities')
  const stages = await read('opportunity_stages')
  for (const deal of world.deals.filter(one => one.createdAt <= clock.at)) {
    const record = records.find(r => r.name === deal.name && r.created_at === deal.createdAt)!
    t.equal(record.amount_micros, at(deal.amounts, clock.at), deal.name)
    t.equal(record.currency, deal.currency ?? 'USD')
    const entered = stages.records.filter(r => r.deal_id === record.deal_id).map(r => r.entered_at)
    t.same(
      entered,
      deal.stages.filter(s => s.at <= clock.at).map(s => s.at),
    )
  }
})

t.test('a sync every day comes to the same tables as one at the end', async t => {
  const { simulator, clock, read } = await house(t, { day: 82, people: 150, deals: 80 })
  const tables = new Map<string, readonly Record<string, unknown>[]>()
  const states = new Map<string, unknown>()
  for (let day = 82; day <= 91; day++) {
    for (const stream of STREAMS) {
      const { records, state } = await read(stream, states.get(stream) ?? null)
      tables.set(stream, latest([...(tables.get(stream) ?? []), ...records], stream))
      states.set(stream, state)
    }
    clock.at += DAY_US
    simulator.catchUp()
  }
  for (const stream of STREAMS) {
    const { records } = await read(stream, states.get(stream))
    t.same(
      latest([...tables.get(stream)!, ...records], stream),
      latest(truth(simulator, stream), stream),
      stream,
    )
  }
})

t.test('a contact that gets a role in an old deal belongs to it from the next sync on', async t => {
  const { simulator, clock, read } = await house(t, { day: QUIET, people: 120, deals: 60 })
  const { state } = await read('opportunities')
  clock.at += DAY_US
  const [{ Id: OpportunityId }, { Id: ContactId }] = [
    [...simulator.store.all('Opportunity')][3]!,
    [...simulator.store.all('Contact')].at(-1)!,
  ]
  const role = { OpportunityId, ContactId, IsPrimary: false, Role: null }
  simulator.store.create('OpportunityContactRole', role, clock.at / 1000 - 60_000)
  const { records, batches } = await read('opportunities', state)
  t.same(
    records,
    simulator.ledger.opportunities().filter(o => o.deal_id === OpportunityId),
  )
  t.equal(records[0]!.updated_at, clock.at - 60_000_000)
  t.ok((records[0]!.contact_ids as string[]).includes(ContactId))
  for (const [i, batch] of batches.slice(0, -1).entries())
    t.same(
      (await read('opportunities', batch.state)).records,
      batches.slice(i + 1).flatMap(b => [...b.records]),
    )
})

t.test(
  'from every state the rest is read, and nothing twice; of a job that is gone the slice again',
  async t => {
    const { simulator, clock, read } = await house(t, { day: QUIET, people: 120, deals: 60 })
    for (const stream of STREAMS) {
      const { batches } = await read(stream)
      for (const [i, { state }] of batches.slice(0, -1).entries())
        t.same(
          (await read(stream, state)).records,
          batches.slice(i + 1).flatMap(b => [...b.records]),
          `${stream} from ${JSON.stringify(state)}`,
        )
      simulator.jobs.forgetAll()
      clock.at += 7 * DAY_US
      const again = await read(stream, batches[2]!.state)
      t.same(latest(again.records, stream), latest(truth(simulator, stream), stream), `${stream} anew`)
    }
  },
)

/** What happens between syncs: saves whose times collide, and time that goes on. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('save' as const), which: fc.nat(19) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), which: fc.nat(19) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(0, 1, 999, 15_000, 15_001, 599_999, 600_000, 900_000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('sync' as const) }) },
)

t.test('whatever changes when: after the last sync the tables are as the platform, none is lost', async t => {
  const { simulator, clock, read } = await house(t, {
    people: 4,
    deals: 20,
    day: QUIET,
    pageRows: 3,
    polls: 0,
  })
  const { store } = simulator
  const ids = [...store.all('Opportunity')].map(row => row.Id)
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 24 }), async steps => {
      clock.at += DAY_US
      for (const id of ids) store.update('Opportunity', id, { IsDeleted: false }, clock.at / 1000 - 3_600_000)
      const tables: Record<string, readonly Record<string, unknown>[]> = {}
      const states: Record<string, unknown> = {}
      const sync = async () => {
        for (const stream of ['opportunities', 'opportunity_stages']) {
          const { records, state } = await read(stream, states[stream] ?? null)
          tables[stream] = latest([...(tables[stream] ?? []), ...records], stream)
          states[stream] = state
        }
      }
      await sync()
      for (const [i, one] of steps.entries())
        if (one.do === 'wait') clock.at += one.ms * 1000
        else if (one.do === 'sync') await sync()
        else if (one.do === 'remove') store.remove('Opportunity', ids[one.which]!, clock.at / 1000)
        else
          store.change(ids[one.which]!, { StageName: `Stage ${i % 3}`, Amount: `${i}.25` }, clock.at / 1000)
      clock.at += 15_001_000
      await sync()
      t.same(tables.opportunities, latest(truth(simulator, 'opportunities'), 'opportunities'))
      // What a deal went through before it was deleted stays read, or was never seen.
      const gone = new Set(simulator.ledger.opportunities().flatMap(o => (o.is_deleted ? [o.deal_id] : [])))
      const there = (rows: readonly Record<string, unknown>[]) =>
        rows.filter(r => !gone.has(String(r.deal_id)))
      t.same(
        there(tables.opportunity_stages!),
        there(latest(truth(simulator, 'opportunity_stages'), 'opportunity_stages')),
      )
    }),
    { numRuns: 60 },
  )
})

t.test('more than 10,000 rows that changed in one instant are all found', async t => {
  const { simulator, clock, read } = await house(t, { people: 0, deals: 0, pageRows: 50_000 })
  const { state } = await read('leads')
  clock.at += DAY_US
  const fields = { LastName: 'x', LeadSource: 'Web', OwnerId: '005', Phone: null, Status: 'Open' }
  for (let i = 0; i < 12_345; i++)
    simulator.store.create(
      'Lead',
      { ...fields, Email: `p${i}@x.example`, GCLID__c: null },
      clock.at / 1000 - 60_000,
    )
  const { records, batches } = await read('leads', state)
  t.equal(records.length, 12_345)
  t.same(latest(records, 'leads'), latest(truth(simulator, 'leads'), 'leads'))
  t.equal(batches.length, 4, 'the job, and pages of 5,000')
})
