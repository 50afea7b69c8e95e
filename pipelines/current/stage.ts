import { deterministicId } from '../../engine/codec/ids.ts'
import type { Kind } from '../../engine/codec/kind.ts'
import { type StageContext, stage } from '../../engine/stage/stage.ts'
import { type InForce, nothingSaid, supersede } from './model.ts'
import type { Fact, Revised, Said } from './said.ts'

export interface CurrentOptions<R extends object> {
  readonly name: string
  readonly said: Said<R>
  readonly topic: string
  /** The kind of a result. */
  readonly kindOf: (fact: Fact<R>) => Kind<Revised<R>>
}

/** Each change of what a source says of a thing is a new revision; saying the same again is none. */
export function current<R extends object>({ name, said, topic, kindOf }: CurrentOptions<R>) {
  const names = Object.keys(said.record.properties ?? {})
  const content = names.filter(n => (said.whole || n !== said.asOf) && !said.key.includes(n as never))
  const keyOf = (fact: Fact<R>) => [
    fact.tenant_id,
    fact.source,
    ...said.key.map(field => String(fact[field] ?? '')),
  ]
  return stage({
    name,
    version: 1,
    key: keyOf,
    state: { version: 1, empty: nothingSaid },
    on: {
      [said.kind](state: InForce, fact: Fact<R>, ctx: StageContext) {
        const what = content.map(field => JSON.stringify(fact[field as keyof R] ?? null))
        const { ingest_time, event_id } = fact
        const as_of = fact[said.asOf] as number
        if (!supersede(state, { as_of, ingest_time, event_id, content: deterministicId(...what) })) return
        ctx.emit(topic, kindOf(fact), { ...fact, revision: state.revision }, keyOf(fact))
      },
    },
  })
}
