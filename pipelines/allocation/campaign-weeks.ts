import { deterministicId } from '../../engine/codec/ids.ts'
import { stage } from '../../engine/stage/stage.ts'
import type { AdChangeRecord } from '../../plugins/records/ad-change.ts'
import type { Fact } from '../current/said.ts'
import { entityOf } from '../rules/model/subject.ts'
import type { SubjectFigures, SubjectStands } from '../subjects/handed.ts'
import { takeCurrency } from '../subjects/model.ts'
import { weeksToldKind } from './handed.ts'
import { isFollowing, isOfBudget } from './model/followed.ts'
import { type CampaignWeeks, forgetWeeks, isLive, noWeeks, takeChange, takeFigures } from './model/weeks.ts'

const HOUR_US = 3_600_000_000

/** Each campaign by whole weeks: what response curves are fitted to. Once an hour those that spend are handed on. */
export const campaignWeeks = stage({
  name: 'campaign-weeks',
  version: 1,
  key: (r: SubjectFigures | SubjectStands | Fact<AdChangeRecord>) => keyOf(r),
  state: { version: 1, empty: noWeeks },
  on: {
    subject_figures(state: CampaignWeeks | undefined, figures: SubjectFigures) {
      if (state === undefined) return
      const { subject, date, before, after, ingest_time } = figures
      state.subject = subject
      state.now = Math.max(state.now, ingest_time)
      takeFigures(state, date, before, after)
    },
    subject_stands(state: CampaignWeeks | undefined, { subject, entity, ingest_time }: SubjectStands, ctx) {
      if (state === undefined) return
      if (entity.as_of < state.standsAt) return ctx.unchanged()
      state.subject = subject
      state.now = Math.max(state.now, ingest_time)
      state.standsAt = entity.as_of
      state.name = entity.name
      state.status = entity.status
      state.budget_micros = entity.budget_micros
      state.budget_kind = entity.budget_kind
      takeCurrency(state, entity.currency)
    },
    ad_change(state: CampaignWeeks | undefined, change: Fact<AdChangeRecord>) {
      if (state === undefined) return
      state.now = Math.max(state.now, change.ingest_time)
      takeChange(state, change.changed_at, isFollowing(change))
    },
  },
  ticks: 'touched',
  tick(state: CampaignWeeks, tick, ctx) {
    const { now } = state
    state.now = Math.max(now, tick.event_time)
    if (state.subject !== null && isLive(state)) {
      ctx.again()
      // By the tick alone: in one tick it is the same hour for all.
      const hour = Math.floor(tick.event_time / HOUR_US)
      // The end of an ingest: what came in pieces is all there.
      if (hour > state.told || tick.final) {
        state.told = Math.max(state.told, hour)
        forgetWeeks(state)
        const { tenant_id, event_time, ingest_time } = tick
        const entity = entityOf(state.subject)
        const event_id = deterministicId(tick.event_id, entity, 'weeks')
        return ctx.hand(weeksToldKind, {
          ...{ tenant_id, event_id, event_time, ingest_time, hour, entity, isFinal: tick.final },
          campaign: state,
        })
      }
    }
    // What is not written down is not remembered either: a restart would forget it.
    state.now = now
    ctx.unchanged()
  },
})

function keyOf(r: SubjectFigures | SubjectStands | Fact<AdChangeRecord>): string[] | null {
  if ('subject' in r) return r.subject.level === 'campaign' ? [r.tenant_id, entityOf(r.subject)] : null
  return isOfBudget(r) ? [r.tenant_id, `${r.platform}:${r.account_id}:${r.entity_id}`] : null
}
