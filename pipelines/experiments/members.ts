import { dayInUtc } from '../../engine/clock/days.ts'
import { deterministicId } from '../../engine/codec/ids.ts'
import { stage } from '../../engine/stage/stage.ts'
import { EXPERIMENT_PARTS, type Experiment, type ExperimentSeen, experimentPartKind } from './kinds.ts'
import { type Counts, count, countedOf, type Member, nobody, see } from './model/member.ts'

interface Part {
  counts: Counts
  /** UTC day on which it was written last. */
  day: string
  written: number
}

/** Of one person in one experiment, or of all people of the partition in it. */
interface State {
  member?: Member
  part?: Part
}

/**
 * Who belongs to which arm: the one first seen, by event time, however late that is known; and who converted after that.
 * Each partition of people counts its own, exactly, and says so once a day and at the end of an ingest.
 */
export const experimentMembers = stage({
  name: 'experiment-members',
  version: 1,
  key: (r: ExperimentSeen | Experiment) =>
    'person_key' in r ? [r.tenant_id, 'person', r.experiment_id, r.person_key] : null,
  state: { version: 1, empty: (): State => ({}) },
  on: {
    /** Past the people, so that one task alone writes what results are made of. */
    experiment: (_: State, { tenant_id }: Experiment, ctx) => ctx.forward(EXPERIMENT_PARTS, [tenant_id]),
    experiment_seen(state: State, seen: ExperimentSeen, ctx) {
      const member = state.member ?? nobody()
      const before = countedOf(member)
      see(member, { arm: seen.arm, converts: seen.converts, at: seen.event_time, id: seen.event_id })
      state.member = member
      const after = countedOf(member)
      if (after === null || (before?.arm === after.arm && before.converted === after.converted)) return
      const key = [seen.tenant_id, 'part', seen.experiment_id]
      const all = ctx.other<State>(key)
      all.part ??= { counts: {}, day: '', written: 0 }
      if (before) count(all.part.counts, before, -1)
      count(all.part.counts, after, 1)
      ctx.otherChanged(key)
    },
  },
  ticks: 'touched',
  tick({ part }: State, tick, ctx) {
    if (!part) return ctx.unchanged()
    const day = dayInUtc(tick.watermark)
    if (day <= part.day && !tick.final) {
      ctx.again()
      return ctx.unchanged()
    }
    part.day = day
    part.written++
    const [tenant, , id] = ctx.key as [string, string, string]
    const arms = Object.keys(part.counts).sort()
    ctx.emit(
      EXPERIMENT_PARTS,
      experimentPartKind,
      {
        tenant_id: tenant,
        event_id: deterministicId(tenant, id, 'part', ctx.input.partition, part.written),
        event_time: tick.watermark,
        ingest_time: tick.ingest_time,
        experiment_id: id,
        part: ctx.input.partition,
        arms,
        users: arms.map(arm => part.counts[arm]!.users),
        conversions: arms.map(arm => part.counts[arm]!.conversions),
      },
      [tenant],
    )
  },
})
