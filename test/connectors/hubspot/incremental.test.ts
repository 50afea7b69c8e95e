import fc from 'fast-check'
import t from 'tap'
import { DAY_US, house, latest } from './support.ts'

const LAG_MS = 4000

/** What happens between syncs: writes whose times collide, and time that goes on. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), which: fc.nat(29) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('archive' as const), which: fc.nat(29) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(0, 1, 999, 3999, 4000, 4001, 15_000, 15_001, 120_000, 599_999, 600_000, 900_000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('sync' as const) }) },
)

t.test('whatever changes when: after the last sync the table is as the platform, none is lost', async t => {
  const { simulator, clock, read } = await house(t, { people: 30, deals: 0, day: 200, indexLagMs: LAG_MS })
  const { store } = simulator
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async steps => {
      const ids = [...store.all('contacts')].map(c => c.id)
      for (const { id, archivedAt } of [...store.all('contacts')])
        if (archivedAt !== null) store.restore('contacts', id, clock.at / 1000)
      clock.at += DAY_US
      let { records, state } = await read('contacts')
      let table = latest(records, ['contact_id'])
      const sync = async () => {
        ;({ records, state } = await read('contacts', state))
        table = latest([...table, ...records], ['contact_id'])
      }
      for (const [i, one] of steps.entries())
        if (one.do === 'wait') clock.at += one.ms * 1000
        else if (one.do === 'sync') await sync()
        else {
          const object = store.get('contacts', ids[one.which]!)!
          if (object.archivedAt !== null) continue
          if (one.do === 'write')
            store.update('contacts', object.id, { lifecyclestage: `stage_${i}` }, clock.at / 1000)
          else store.archive('contacts', object.id, clock.at / 1000)
        }
      clock.at += 15_001_000
      await sync()
      t.same(table, latest(simulator.ledger.contacts(), ['contact_id']))
    }),
    { numRuns: 200 },
  )
})

t.test('objects that change while their pages are read are not lost', async t => {
  const { simulator, clock, read } = await house(t, { people: 900, deals: 0, day: 200 })
  const { store } = simulator
  const { state, records } = await read('contacts')
  clock.at += DAY_US
  for (const { id } of store.all('contacts'))
    store.update('contacts', id, { lifecyclestage: 'a' }, clock.at / 1000 - 60_000)
  // Between two pages every third one changes again: it leaves the slice, and would shift pages that are counted.
  let calls = 0
  const { admit } = simulator.gate
  simulator.gate.admit = (request, reply) => {
    admit.call(simulator.gate, request, reply)
    if (!request.url.endsWith('/search') || ++calls > 4) return
    clock.at += 1_000_000
    for (const { id } of store.all('contacts'))
      if (id % 3 === calls % 3) store.update('contacts', id, { lifecyclestage: `b${calls}` }, clock.at / 1000)
  }
  const second = await read('contacts', state)
  t.ok(calls >= 4)
  clock.at += 60_000_000
  const third = await read('contacts', second.state)
  const table = latest([...records, ...second.records, ...third.records], ['contact_id'])
  t.same(table, latest(simulator.ledger.contacts(), ['contact_id']))
})

t.test('more than 10,000 objects that changed in one instant are all found', async t => {
  const { simulator, clock, read } = await house(t, { people: 0, deals: 0 })
  const { store } = simulator
  const { state } = await read('contacts')
  clock.at += DAY_US
  const at = clock.at / 1000 - 60_000
  for (let i = 0; i < 12_345; i++)
    store.create('contacts', { email: `p${i}@x.example`, lifecyclestage: 'lead' }, at)
  const { records, batches } = await read('contacts', state)
  t.equal(records.length, 12_345)
  t.same(latest(records, ['contact_id']), latest(simulator.ledger.contacts(), ['contact_id']))
  const half = batches[40]!
  const rest = await read('contacts', half.state)
  t.equal(rest.records.length, 12_345 - batches.slice(0, 41).reduce((sum, b) => sum + b.records.length, 0))
})
