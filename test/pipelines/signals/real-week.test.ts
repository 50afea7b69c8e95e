import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { eventFact } from '../../../pipelines/ingest/normalise.ts'
import { isMatched } from '../../../pipelines/signals/events.ts'
import { run } from '../../connectors/ga4/support.ts'
import { told } from '../facts.ts'
import type { Told } from '../row.ts'
import { outage } from './outage.ts'
import { startOf } from './shop.ts'

const DATA = fileURLToPath(new URL('../../../../../shared/data/ga4/', import.meta.url))
const DAYS = ['20210111', '20210112', '20210113', '20210114']
const skip = existsSync(join(DATA, `events_${DAYS[0]}.parquet`)) ? false : 'the real export is not here'
const HOUR = 3_600_000_000

t.setTimeout(230_000)

/** Conversions, and the steps before one, of the real export by their hour in UTC. */
async function realHours(): Promise<ReadonlyMap<number, Told[]>> {
  const hours = new Map<number, Told[]>()
  for (const day of DAYS) {
    const { events } = await run(join(DATA, `events_${day}.parquet`))
    for (const event of events) {
      if (!isMatched(event.event_name)) continue
      const hour = Math.floor(event.event_time / HOUR)
      const own = hours.get(hour) ?? []
      hours.set(hour, own)
      own.push(told.event(eventFact(event, 'demo', 'ga4', (hour + 1) * HOUR)))
    }
  }
  return hours
}

t.test('in the middle of the real week one platform goes blind', { skip }, async t => {
  const real = await realHours()
  let fed = 0
  await outage(t, {
    from: '2020-11-11',
    currency: 'USD',
    also: (date, hour) => {
      const events = real.get(Math.floor(startOf(date) / HOUR) + hour) ?? []
      fed += events.length
      return events
    },
  })
  t.ok(fed > 20_000, `${fed} real events`)
})
