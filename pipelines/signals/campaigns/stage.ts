import { stage } from '../../../engine/stage/stage.ts'
import { emitAnomaly } from '../anomaly-rows.ts'
import type { AdFigures } from '../handed.ts'
import { type Campaign, closeDays, noCampaign, takeDay } from './model.ts'

/** Anomalies of each campaign by the day: for people and rules to look at; a platform's score rests on its own. */
export const campaignAnomalies = stage({
  name: 'campaign-anomalies',
  version: 1,
  key: (f: AdFigures) => [f.tenant_id, f.platform, f.campaign_id],
  state: { version: 1, empty: noCampaign },
  on: {
    ad_figures(state: Campaign, { date, as_of, before, after }: AdFigures) {
      takeDay(state, date, as_of, before, after)
    },
  },
  ticks: 'touched',
  tick(state: Campaign, tick, ctx) {
    const [tenant_id, platform, entity] = ctx.key as [string, string, string]
    const { fresh, from } = state.reading
    const fed = closeDays(state, tick.event_time)
    if (Object.keys(state.days).length > 0) ctx.again()
    if (fed.length === 0 && fresh === '' && from === state.reading.from) return ctx.unchanged()
    for (const one of fed)
      emitAnomaly(one, { tenant_id, platform, entity, ingest_time: tick.ingest_time }, ctx)
  },
})
