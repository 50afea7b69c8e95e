import t from 'tap'
import { eventFact } from '../../../pipelines/ingest/normalise.ts'
import { told } from '../facts.ts'
import { outage } from './outage.ts'
import { noRealHours, realHours } from './real-hours.ts'
import { startOf } from './shop.ts'

const HOUR = 3_600_000_000

t.setTimeout(600_000)

t.test('in the middle of the real week one platform goes blind', { skip: noRealHours }, async t => {
  const real = await realHours()
  let fed = 0
  await outage(t, {
    from: '2020-11-11',
    currency: 'USD',
    also: (date, hour) => {
      const at = startOf(date) / HOUR + hour
      const events = real.get(at) ?? []
      fed += events.length
      return events.map(event => told.event(eventFact(event, 'demo', 'ga4', (at + 1) * HOUR)))
    },
  })
  t.ok(fed > 20_000, `${fed} real events`)
})
