import { deterministicId } from '../../engine/codec/ids.ts'
import type { BaseRecord } from '../../engine/codec/kind.ts'
import type { Command } from '../../engine/command/command.ts'
import { type StageContext, stage } from '../../engine/stage/stage.ts'
import type { OfferMade } from '../allocation/handed.ts'
import { changeAskedKind } from '../autopilot/handed.ts'
import { subjectOf } from '../autopilot/model/change.ts'
import { namedIn } from '../commands/body.ts'
import { entityOf } from '../rules/model/subject.ts'
import { type SubjectFigures, type SubjectStands, subjectSeenKind } from './handed.ts'
import { forgetDays, keyOf, noSubject, type SubjectState, takeFigures, takeStands, viewOf } from './model.ts'

/**
 * Platforms, accounts, campaigns, ad sets and ads as rules look at them: figures by day, status, budget, bid. Each is
 * seen when something of it changes and at every tick, the whole before its parts.
 */
export const subjects = stage({
  name: 'subjects',
  version: 1,
  key: (r: SubjectFigures | SubjectStands | OfferMade | Command) =>
    'subject' in r ? keyOf(r.tenant_id, r.subject) : keyOfCommand(r),
  state: {
    version: 2,
    empty: noSubject,
    migrate: old => ({ ...noSubject(), ...(old as Omit<SubjectState, 'offer'>) }),
  },
  on: {
    subject_figures(state: SubjectState, figures: SubjectFigures, ctx) {
      const { subject, date, as_of, before, after, ingest_time } = figures
      state.now = Math.max(state.now, ingest_time)
      state.offset = ctx.input.offset
      if (takeFigures(state, subject, date, as_of, before, after)) see(state, figures, null, ctx)
    },
    subject_stands(state: SubjectState, stands: SubjectStands, ctx) {
      state.now = Math.max(state.now, stands.ingest_time)
      state.offset = ctx.input.offset
      if (takeStands(state, stands.subject, stands.entity)) see(state, stands, null, ctx)
    },
    allocation_offer(state: SubjectState, { offer }: OfferMade, ctx) {
      if (offer === null && state.offer === null) return ctx.unchanged()
      state.offer = offer
    },
    command(state: SubjectState | undefined, command: Command, ctx) {
      ctx.unchanged()
      if (!ASKED.includes(command.command)) return
      const { tenant_id, event_id, event_time, ingest_time } = command
      const subject = state?.subject ?? null
      ctx.hand(changeAskedKind, {
        ...{ tenant_id, event_time, ingest_time, command },
        event_id: deterministicId(tenant_id, event_id, 'asked'),
        entity: namedIn(command, 'entity'),
        view: subject === null ? null : viewOf(state!, subject, Math.max(state!.now, event_time)),
      })
    },
  },
  ticks: 'all',
  tick(state: SubjectState, tick, ctx) {
    const now = Math.max(state.now, tick.event_time)
    const isChanged = forgetDays(state, now)
    see(state, tick, now, ctx)
    if (!isChanged) ctx.unchanged()
  },
})

/** @param tick when it is, UTC microseconds; null: a record came */
function see(
  state: SubjectState,
  { tenant_id, event_id, event_time, ingest_time }: BaseRecord,
  tick: number | null,
  ctx: StageContext,
): void {
  if (state.subject === null) return
  ctx.hand(subjectSeenKind, {
    tenant_id,
    event_id: deterministicId(event_id, entityOf(state.subject), 'seen'),
    event_time,
    ingest_time,
    view: viewOf(state, state.subject, tick ?? state.now),
    isTick: tick !== null,
  })
}

/** Commands about an entity: what is known of it goes with them. */
const ASKED: readonly string[] = ['autopilot.queue', 'autopilot.check']

function keyOfCommand(command: Command): string[] | null {
  if (!ASKED.includes(command.command)) return null
  const subject = subjectOf(namedIn(command, 'entity'))
  return subject === null ? null : keyOf(command.tenant_id, subject)
}
