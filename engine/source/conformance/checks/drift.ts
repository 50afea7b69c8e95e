import type { StreamSpec } from '../../port.ts'
import type { Bench } from '../bench.ts'
import type { Check } from '../check.ts'
import { canonical, keyOf, type Row, shown } from '../compare.ts'
import { described } from '../describe.ts'
import type { Lab } from '../lab.ts'
import { count, failed, inapplicable, Nonconformity } from '../result.ts'

const KINDS = {
  added: 'a new field',
  retyped: 'a field of another type',
  missing: 'a missing field',
} as const
type Kind = keyof typeof KINDS

/**
 * A row of another shape becomes a record whose values are right or unknown (null), or a rejected row with its
 * reason. A value that was never there, a row that is nowhere, or a crash is not what a person can mend.
 */
export const drift: Check = {
  name: 'drift',
  title: 'a field that is new, missing or of another type gives a right record or a clear rejected row',
  async run(lab) {
    let rejected = 0
    for (const kind of Object.keys(KINDS) as Kind[])
      rejected += await lab.with(bench => drifted(lab, bench, kind))
    return count(rejected, 'rejected row')
  },
}

async function drifted(lab: Lab, bench: Bench, kind: Kind): Promise<number> {
  const { drift } = bench.platform.faults ?? {}
  if (!drift) return inapplicable('its platform never changes the shape of its records')
  const accepts = await lab.accepts()
  const streams = await bench.streams()
  const before = new Map<string, Row[]>()
  for (const stream of streams) before.set(stream.name, await bench.records(stream))
  drift.call(bench.platform.faults, kind)
  let rejected = 0
  for (const stream of streams) {
    const where = `${stream.name} with ${KINDS[kind]}`
    const known = new Map(before.get(stream.name)!.map(record => [keyOf(stream, record), record]))
    try {
      const got = await bench.through(stream)
      const taken = got.records.filter(record => accepts(stream, record) === null)
      for (const record of taken) {
        const problem = wrong(stream, known.get(keyOf(stream, record)), record, kind)
        if (problem) failed(`${where}: ${problem}`)
      }
      const refused = got.records.length - taken.length + got.rejected.length
      const vague = got.rejected.find(row => row.reason.trim() === '' || /[\r\n]|\[object/.test(row.reason))
      if (vague) failed(`${where}: a rejected row without a clear reason: ${JSON.stringify(vague.reason)}`)
      const wanted = [...known.values()].filter(record => accepts(stream, record) === null).length
      if (new Set(taken.map(r => keyOf(stream, r))).size + refused < wanted && got.rejected.length === 0)
        failed(`${where}: ${count(wanted - taken.length, 'record')} lost without a rejected row`)
      rejected += refused
    } catch (error) {
      if (error instanceof Nonconformity) throw error
      failed(`${where}: it gives ${described(error)}`)
    }
  }
  return rejected
}

function wrong(stream: StreamSpec, before: Row | undefined, after: Row, kind: Kind): string | null {
  if (before === undefined) return `${shown(stream, after)} is a record that was never there`
  if (kind === 'added')
    return canonical(before) === canonical(after) ? null : `${shown(stream, after)} has changed`
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const value = after[name]
    if (value === null || value === undefined) continue
    if (canonical(value) !== canonical(before[name]))
      return `${shown(stream, after)}: ${name} is ${JSON.stringify(value)} and was ${JSON.stringify(before[name])}`
  }
  return null
}
