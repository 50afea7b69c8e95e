import { setTimeout as sleep } from 'node:timers/promises'
import type { StreamSpec } from '../../port.ts'
import type { Bench } from '../bench.ts'
import type { Check } from '../check.ts'
import { difference, type Row } from '../compare.ts'
import { described } from '../describe.ts'
import { always } from '../proxy/fault.ts'
import { count, failed, inapplicable, Nonconformity } from '../result.ts'

/** Within so long it has to end. Milliseconds. */
const SOON_MS = 1_500
/** So long what was on its way may take to come, and so long is looked whether it goes on asking. Milliseconds. */
const AFTER_MS = 100
/** Requests that may have been on their way: those who read ahead ask several things at once. */
const ON_THEIR_WAY = 16

export const abort: Check = {
  name: 'abort',
  title: 'an abort ends reading soon, without further requests, and what was read stays right',
  async run(lab) {
    const { reads } = await lab.baseline()
    return lab.with(async bench => {
      let tried = 0
      for (const stream of await bench.streams()) {
        if (reads.get(stream.name)!.length > 2) {
          await between(bench, stream)
          tried++
        }
      }
      const [stream] = await bench.streams()
      if (bench.proxy !== null) {
        await waiting(bench, stream!)
        tried++
      }
      if (tried === 0) inapplicable('no stream has more than two batches in its trial')
    })
  },
}

/** Aborted behind the first batch. */
async function between(bench: Bench, stream: StreamSpec): Promise<void> {
  const wanted = await bench.records(stream)
  const stop = new AbortController()
  const { signal } = stop
  const records: Row[] = []
  let state: unknown = null
  let late = 0
  let asked = 0
  await ends(stream, signal, async () => {
    for await (const batch of bench.batches(stream, { signal })) {
      records.push(...batch.records)
      state = batch.state
      if (signal.aborted) late++
      else {
        asked = bench.proxy?.requests ?? 0
        stop.abort(new Error('stopped'))
      }
      if (late > 1) failed(`${stream.name}: it goes on after an abort: ${late} batches`)
    }
  })
  await sleep(AFTER_MS)
  const arrived = bench.proxy?.requests ?? 0
  await sleep(AFTER_MS)
  const begun = (bench.proxy?.requests ?? 0) - arrived
  const more = begun > 0 ? begun : arrived - asked
  if (begun > 0 || more > ON_THEIR_WAY) failed(`${stream.name}: ${count(more, 'request')} after an abort`)
  const rest = await bench.through(stream, { state })
  const problem = difference(stream, wanted, [...records, ...rest.records])
  if (problem) failed(`aborted and read on: ${problem}`)
}

/** Aborted while an answer is waited for. */
async function waiting(bench: Bench, stream: StreamSpec): Promise<void> {
  const stop = new AbortController()
  bench.proxy!.spoil(always({ kind: 'silent' }))
  setTimeout(() => stop.abort(new Error('stopped')), AFTER_MS)
  const { signal } = stop
  await ends(stream, signal, () => bench.all(stream, { signal }))
  bench.proxy!.spoil(null)
}

async function ends(stream: StreamSpec, signal: AbortSignal, work: () => Promise<unknown>): Promise<void> {
  let aborted = 0
  signal.addEventListener('abort', () => {
    aborted = performance.now()
  })
  const late = new AbortController()
  const tooLate = async () => {
    while (aborted === 0) await sleep(10, undefined, { signal: late.signal })
    await sleep(SOON_MS, undefined, { signal: late.signal })
    failed(`${stream.name}: it has not ended ${SOON_MS / 1000} s after an abort`)
  }
  try {
    await Promise.race([work(), tooLate()])
  } catch (error) {
    if (error instanceof Nonconformity) throw error
    const said = error === signal.reason || (error as Error | null)?.name === 'AbortError'
    if (!said) failed(`${stream.name}: aborted, it gives ${described(error)}`)
  } finally {
    late.abort()
  }
}
