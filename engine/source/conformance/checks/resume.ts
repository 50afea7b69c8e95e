import type { SourceBatch, StreamSpec } from '../../port.ts'
import type { Bench } from '../bench.ts'
import type { Check } from '../check.ts'
import { difference, keyOf, shown } from '../compare.ts'
import { count, failed } from '../result.ts'

/** Batches that reading on from all states of a stream may take; of a longer stream, as many states as go into it. */
const BATCHES = 4_000

export const resume: Check = {
  name: 'resume',
  title: 'reading on from every state gives neither loss nor double',
  async run(lab) {
    const { bench, streams, reads } = await lab.reading()
    let tried = 0
    let all = 0
    for (const stream of streams) {
      const batches = reads.get(stream.name)!
      all += batches.length
      for (const at of chosen(batches.length)) {
        tried++
        if (at === batches.length - 1) await fromLast(bench, stream, batches)
        else await fromWithin(bench, stream, batches, at)
      }
    }
    return tried === all ? count(all, 'state') : `${tried} of ${all} states`
  },
}

/** All states where that is not too much, else evenly among them, the first and the last included. */
function chosen(n: number): number[] {
  const each = Math.max(1, Math.ceil((n * n) / 2 / BATCHES))
  return Array.from({ length: n }, (_, at) => at).filter(at => at === 0 || at === n - 1 || at % each === 0)
}

async function fromWithin(
  bench: Bench,
  stream: StreamSpec,
  batches: readonly SourceBatch[],
  at: number,
): Promise<void> {
  const wanted = batches.slice(at + 1).flatMap(batch => batch.records)
  const got = await bench.through(stream, { state: batches[at]!.state })
  const earlier = batches.slice(0, at + 1).flatMap(batch => batch.records)
  const problem = difference(stream, wanted, got.records, earlier)
  if (problem) failed(`read on from state ${at + 1} of ${batches.length}: ${problem}`)
}

/** Behind the last state history may be read again, and nothing is new. */
async function fromLast(bench: Bench, stream: StreamSpec, batches: readonly SourceBatch[]): Promise<void> {
  const known = new Set(batches.flatMap(batch => batch.records).map(record => keyOf(stream, record)))
  const got = await bench.through(stream, { state: batches.at(-1)!.state })
  const foreign = got.records.find(record => !known.has(keyOf(stream, record)))
  if (foreign)
    failed(
      `${stream.name}: read on from its last state, it gives ${shown(stream, foreign)}, which it had lost`,
    )
}
