import { type StageContext, stage } from '../../engine/stage/stage.ts'
import type { AdReportFact, EventFact } from './facts.ts'

/**
 * Lets every event_id through once. Ids are kept per tenant, source and day, until nothing has arrived for that
 * day during the window; then the day is sealed, and what still comes for it is a dead letter, because it could
 * be a repeat. A day of any age that was never seen is open.
 */
export function deduplicate(options: { windowDays: number }) {
  const once = (
    fact: { tenant_id: string; source: string; event_id: string; ingest_time: number },
    day: string,
    ctx: StageContext,
  ) => {
    const verdict = ctx.first('ids', [fact.tenant_id, fact.source], day, fact.event_id, fact.ingest_time)
    if (verdict === 'seen') ctx.drop()
    else if (verdict === 'sealed')
      ctx.reject(
        `${day} is sealed: nothing has come for it in ${options.windowDays} days, so a repeat could not be told from a late event (dedup.windowDays)`,
      )
  }
  return stage({
    name: 'deduplicate',
    version: 1,
    sets: { ids: { windowDays: options.windowDays } },
    on: {
      event: (_: unknown, event: EventFact, ctx) => once(event, event.event_date, ctx),
      ad_report: (_: unknown, report: AdReportFact, ctx) => once(report, report.date, ctx),
    },
  })
}
