import type { StreamSpec } from '../../port.ts'
import type { Bench, ReadOptions } from '../bench.ts'
import { difference } from '../compare.ts'
import { described } from '../describe.ts'
import type { Lab } from '../lab.ts'
import { always, type Fault, only } from '../proxy/fault.ts'
import type { FaultProxy } from '../proxy/proxy.ts'
import { count, failed, inapplicable, Nonconformity } from '../result.ts'

export type Proxied = Bench & { readonly proxy: FaultProxy }

/** One stream as it is read when nothing is wrong, on the platform at hand. */
export interface Clean {
  readonly stream: StreamSpec
  readonly records: readonly Readonly<Record<string, unknown>>[]
  /** Requests it takes. */
  readonly requests: number
}

/** Each stream, with the faults to come: its own requests are counted first. */
export async function eachStream(
  lab: Lab,
  bench: Proxied,
  work: (clean: Clean, index: number) => Promise<void>,
): Promise<void> {
  await lab.baseline()
  const streams = await bench.streams()
  let asked = 0
  for (const [i, stream] of streams.entries()) {
    const before = bench.proxy.requests
    const records = await bench.records(stream)
    const requests = bench.proxy.requests - before
    asked += requests
    if (requests > 0) await work({ stream, records, requests }, i)
  }
  if (asked === 0) inapplicable('no stream asks its platform for anything')
}

/** The first answer, one in the middle, and the last. */
export const placesIn = (requests: number): number[] => [...new Set([1, Math.ceil(requests / 2), requests])]

/** A stream read with one answer spoilt ends with the same records. */
export async function survives(
  bench: Proxied,
  { stream, records }: Clean,
  at: number,
  fault: Fault,
  options?: ReadOptions,
): Promise<void> {
  const where = `${stream.name}, answer ${at}`
  bench.proxy.spoil(only(at, fault))
  try {
    const got = await bench.through(stream, options)
    const problem = difference(stream, records, got.records)
    if (problem) failed(`${where}: ${problem}`)
    if (got.rejected.length > 0)
      failed(`${where}: ${count(got.rejected.length, 'row')} rejected: ${got.rejected[0]!.reason}`)
  } catch (error) {
    if (error instanceof Nonconformity) throw error
    failed(`${where}: it gives ${described(error)}`)
  } finally {
    bench.proxy.spoil(null)
  }
}

/** What a stream fails with while every answer is spoilt. @throws Nonconformity: it does not fail */
export async function failureOf(
  bench: Proxied,
  stream: StreamSpec,
  fault: Fault,
  what: string,
): Promise<unknown> {
  bench.proxy.spoil(always(fault))
  try {
    await bench.all(stream)
  } catch (error) {
    if (error instanceof Nonconformity) throw error
    return error
  } finally {
    bench.proxy.spoil(null)
  }
  return failed(`${stream.name}: ${what} looks like the end of the stream`)
}
