import { addDays } from '../../engine/clock/days.ts'
import { periodWith } from '../../pipelines/forecast/ends.ts'
import type { Wander } from '../../pipelines/forecast/model/month-end/month-end.ts'
import { noPast } from '../../pipelines/forecast/model/month-end/own-past.ts'
import { followed, type Outlook, totalsOf } from '../../pipelines/forecast/outlook.ts'
import { OF_TENANT } from '../../pipelines/forecast/scope.ts'
import { noSeries, takeDay } from '../../pipelines/forecast/series/model.ts'
import { truth } from '../../plugins/simulator/world/truth/index.ts'

/**
 * What the demo's shop, and others of its kind, are said to have taken by the end of the month, each day of three months:
 * by the functions the stage calls, every day known when it has closed. Usage: month-end.js [SHOPS] [DAYS BEFORE]. A line
 * for the demo's shop and one for all, as it is shown (the wander measured) and by the recipe.
 */
const shops = Number(process.argv[2] ?? 40)
const before = Number(process.argv[3] ?? 182)
const FIRST_JUDGED = '2026-01-01'
const LAST_JUDGED = '2026-03-31'
const ZONE = 'America/New_York'

interface Judged extends Outlook {
  readonly date: string
  readonly actual: number
}

/** Each day of three months, with what the month came to. */
function judged(seed: number | undefined, wander: Wander): Judged[] {
  const firstDay = addDays(FIRST_JUDGED, -before)
  const shop = truth({ firstDay, zone: ZONE, ...(seed === undefined ? {} : { seed }) })
  const days: [date: string, micros: number][] = []
  for (let day = firstDay; day <= LAST_JUDGED; day = addDays(day, 1))
    days.push([day, shop.day(day).all.revenueMicros])
  const monthOf = (day: string) =>
    days.filter(([other]) => other.startsWith(day.slice(0, 7))).reduce((sum, [, x]) => sum + x / 1e6, 0)
  const series = noSeries()
  let past = noPast()
  const all: Judged[] = []
  for (const [i, [date, micros]] of days.entries()) {
    takeDay(series, {
      ...{ tenant_id: 'demo', event_id: date, event_time: 0, ingest_time: 0, scope: OF_TENANT },
      ...{ source: 'site', told: date, at: 0, zone: ZONE, currency: 'USD', date, isNew: false },
      changes: [null, null, null, micros],
    })
    past = followed(series, 'revenue', { before: days[i - 1]?.[0] ?? '', last: date }, past, wander)
    const month = periodWith(addDays(date, 1), 'MONTH_END')
    if (addDays(date, 1) < FIRST_JUDGED || month.end > LAST_JUDGED) continue
    all.push({ date, actual: monthOf(month.end), ...totalsOf(series, 'revenue', date, past, wander)(month) })
  }
  return all
}

function tell(name: string, all: readonly Judged[]): void {
  const bound = all.filter(one => one.lower !== null && one.upper !== null)
  const share = (of: readonly Judged[], is: (one: Judged) => boolean) =>
    of.length === 0 ? null : Number((of.filter(is).length / of.length).toFixed(3))
  const mean = (of: (one: Judged) => number) =>
    Number((bound.reduce((sum, one) => sum + of(one), 0) / bound.length).toFixed(3))
  const isInside = ({ lower, upper, actual }: Judged) => actual >= lower! && actual <= upper!
  const ahead = (from: number, to: number) => bound.filter(({ h }) => h >= from && h <= to)
  console.log(
    JSON.stringify({
      set: name,
      forecasts: all.length,
      withBounds: bound.length,
      inside: share(bound, isInside),
      insideByDaysAhead: {
        '1-7': share(ahead(1, 7), isInside),
        '8-14': share(ahead(8, 14), isInside),
        '15-21': share(ahead(15, 21), isInside),
        '22-31': share(ahead(22, 31), isInside),
      },
      width: mean(one => (one.upper! - one.lower!) / one.actual),
      error: mean(one => Math.abs(one.mean! - one.actual) / one.actual),
      saidOfItself: all.at(-1)?.coverage ?? null,
      settled: all.at(-1)?.settled ?? 0,
    }),
  )
}

for (const wander of ['MEASURED', 'MIXED'] as const) {
  tell(`the demo's shop, wander ${wander}`, judged(undefined, wander))
  tell(
    `${shops} shops like it, wander ${wander}`,
    Array.from({ length: shops }, (_, i) => judged(1_000 + i, wander)).flat(),
  )
}
