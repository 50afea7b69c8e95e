import type { Contents } from '../chaos/compare.ts'
import { contentsOf } from '../chaos/inspect.ts'

/** Tables of revisions: they say how the figures came about, which the order of the input may change. */
const HISTORY = [
  ...['sessions', 'funnel_daily_parts', 'ad_metrics_daily', 'journeys', 'attribution_daily_parts'],
  // How often a journey was written again shows in these, too.
  ...['journeys_current', 'attribution_daily', 'attribution_daily_current', 'attribution_models_current'],
]

/** The figures of a data directory nobody uses: what its tables and views hold, apart from earlier revisions. */
export async function figuresOf(dir: string): Promise<Contents> {
  const all = Object.entries(await contentsOf(dir))
  return Object.fromEntries(all.filter(([name]) => !HISTORY.includes(name)))
}
