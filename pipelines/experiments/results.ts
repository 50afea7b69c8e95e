import { deterministicId } from '../../engine/codec/ids.ts'
import { type StageContext, stage } from '../../engine/stage/stage.ts'
import {
  EXPERIMENTS,
  type Experiment,
  type ExperimentPart,
  type ExperimentResultRow,
  experimentResultKind,
} from './kinds.ts'
import type { Definition } from './model/definition.ts'
import type { ExperimentState } from './model/lifecycle.ts'
import { type Counts, countsIn } from './model/member.ts'
import { resultOf } from './model/result.ts'

interface State {
  experiment: Pick<Experiment, 'state' | 'definition' | 'phases' | 'ended_at' | 'revision'> | null
  /** What each partition of people said last. */
  parts: Record<
    string,
    {
      readonly arms: readonly string[]
      readonly users: readonly number[]
      readonly conversions: readonly number[]
    }
  >
  /** The latest time that parts were counted at. */
  asOf: number
  revision: number
}

/** Results of an experiment, whenever a partition of people has counted or the experiment has changed. */
export const experimentResults = stage({
  name: 'experiment-results',
  version: 1,
  key: (r: Experiment | ExperimentPart) => [r.tenant_id, r.experiment_id],
  state: { version: 1, empty: (): State => ({ experiment: null, parts: {}, asOf: 0, revision: 0 }) },
  on: {
    experiment(state: State, said: Experiment, ctx) {
      if (state.experiment && said.revision <= state.experiment.revision) return ctx.unchanged()
      const { state: stands, definition, phases, ended_at, revision } = said
      state.experiment = { state: stands, definition, phases, ended_at, revision }
      state.asOf = Math.max(state.asOf, said.event_time)
      if (Object.keys(state.parts).length > 0) emit(state, said, ctx)
    },
    experiment_part(state: State, part: ExperimentPart, ctx) {
      const { arms, users, conversions } = part
      state.parts[part.part] = { arms, users, conversions }
      state.asOf = Math.max(state.asOf, part.event_time)
      emit(state, part, ctx)
    },
  },
})

function emit(
  state: State,
  { tenant_id, experiment_id, ingest_time }: Experiment | ExperimentPart,
  ctx: StageContext,
): void {
  if (state.experiment === null) return
  const { experiment, asOf } = state
  const plan = JSON.parse(experiment.definition) as Definition
  const stands = experiment.state as ExperimentState
  const until = Math.min(asOf, experiment.ended_at ?? asOf)
  const made = resultOf(plan, countsOf(state), stands, until - (experiment.phases[0]?.from ?? until))
  state.revision++
  for (const one of made.arms) {
    const row: ExperimentResultRow = {
      tenant_id,
      event_id: deterministicId(tenant_id, experiment_id, one.arm, 'result', state.revision),
      event_time: asOf,
      ingest_time,
      experiment_id,
      arm: one.arm,
      control: one.control,
      as_of: asOf,
      state: stands,
      users: one.users,
      conversions: one.conversions,
      rate: one.rate,
      difference: one.difference,
      p_value: one.p_value,
      p_holm: one.p_holm,
      ci_lower: one.newcombe?.[0] ?? null,
      ci_upper: one.newcombe?.[1] ?? null,
      sequential_lower: one.sequential?.[0] ?? null,
      sequential_upper: one.sequential?.[1] ?? null,
      effect_size_h: one.effect_size_h,
      power: one.power,
      srm_p: made.srm_p,
      required_users: made.required,
      peeking_safe: !made.reached,
      winner: one.winner,
      flags: made.flags,
      reason: one.reason,
      revision: state.revision,
    }
    ctx.emit(EXPERIMENTS, experimentResultKind, row, [tenant_id, experiment_id, one.arm])
  }
}

/** People are in one partition only, so the sum over the latest of all parts is exact. */
function countsOf({ parts }: State): Counts {
  const counts: Counts = {}
  for (const { arms, users, conversions } of Object.values(parts))
    for (const [i, arm] of arms.entries()) {
      const all = countsIn(counts, arm)
      all.users += users[i]!
      all.conversions += conversions[i]!
    }
  return counts
}
