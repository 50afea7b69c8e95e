import type { ReadBatch, StreamContext } from '../../plugins/contract.ts'
import type { AdReportRecord } from '../../plugins/records/ad-report.ts'
import type { EventRecord } from '../../plugins/records/event.ts'
import { eventsBetween } from './model/events.ts'
import { RESTATED_AFTER_DAYS, reportsOf } from './model/reports.ts'
import { DAY, MINUTE } from './model/session.ts'
import { checkSettings, type Settings, trafficOf } from './settings.ts'
import type { ShopTime } from './time.ts'

/** UTC micros: from `since` on everything up to `until` has been read; the live flow began at `liveFrom`. */
export interface ShopState {
  readonly since: number
  readonly until: number
  readonly liveFrom: number
}

/** About so many visits are read at once: some thousand events, and never more than a day. */
const VISITS_A_BATCH = 200
const EVENTS_EVERY_MS = 2_000
const REPORTS_EVERY = 5 * MINUTE
/** After a longer stop the shop was quiet meanwhile: the live flow begins anew. */
const STOPPED = 10 * MINUTE

const windowOf = ({ sessionsPerDay }: Settings): number =>
  Math.min(DAY, Math.ceil((VISITS_A_BATCH / sessionsPerDay) * (DAY / MINUTE)) * MINUTE)

const dayOf = (at: number): number => Math.floor(at / DAY) * DAY

function stateAt(config: Settings, state: ShopState | null, now: number): ShopState {
  if (state === null) {
    const since = dayOf(now) - config.historyDays * DAY
    return { since, until: since, liveFrom: now }
  }
  return now - state.until > STOPPED ? { ...state, liveFrom: now } : state
}

/** What happened since the state: history in windows, then, if it is live, every two seconds what is new. */
export async function* readShopEvents(
  time: ShopTime,
  { config, state, signal }: StreamContext<Settings, ShopState>,
): AsyncGenerator<ReadBatch<EventRecord, ShopState>> {
  checkSettings(config)
  const { since, liveFrom, ...from } = stateAt(config, state, time.now())
  let { until } = from
  const traffic = trafficOf(config, liveFrom)
  while (!signal.aborted) {
    const now = time.now()
    if (until >= now) {
      if (!config.live) return
      await time.wait(EVENTS_EVERY_MS, signal)
      continue
    }
    const next = Math.min(until + windowOf(config), now)
    yield {
      records: eventsBetween(traffic, config.currency, until, next),
      state: { since, until: next, liveFrom },
    }
    until = next
    if (until >= now && !config.live) return
    if (until >= now) await time.wait(EVENTS_EVERY_MS, signal)
  }
}

/** Reports of the days before at six in the morning, restated as platforms do; of today every five minutes. */
export async function* readShopReports(
  time: ShopTime,
  { config, state, signal }: StreamContext<Settings, ShopState>,
): AsyncGenerator<ReadBatch<AdReportRecord, ShopState>> {
  checkSettings(config)
  const { since, liveFrom, ...from } = stateAt(config, state, time.now())
  const traffic = trafficOf(config, liveFrom)
  let { until } = from
  while (!signal.aborted) {
    const now = time.now()
    const morning = dayOf(until) + 6 * 60 * MINUTE + (until >= dayOf(until) + 6 * 60 * MINUTE ? DAY : 0)
    const latest = Math.floor(now / REPORTS_EVERY) * REPORTS_EVERY
    if (morning <= now) {
      const records = RESTATED_AFTER_DAYS.flatMap((days, age) => {
        const day = dayOf(morning) - days * DAY
        return day < since ? [] : reportsOf(traffic, config.currency, day, morning, age)
      })
      until = morning
      yield { records, state: { since, until, liveFrom } }
    } else if (latest > until) {
      until = latest
      yield {
        records: reportsOf(traffic, config.currency, dayOf(latest), latest, -1),
        state: { since, until, liveFrom },
      }
    } else if (!config.live) return
    else await time.wait((latest + REPORTS_EVERY - now) / 1000 + 50, signal)
  }
}
