import avsc from 'avsc'
import type { Totals } from './expected.ts'
import { readAll } from './read-all.ts'
import { type BenchWindow, benchWindow, windowId } from './records.ts'

const HEADER = 5
const SHOWN = 5

/** Compares what a system wrote with what should be there at the end. */
export class Check {
  records = 0
  readonly #expected: ReadonlyMap<string, Totals>
  readonly #type = avsc.Type.forSchema(benchWindow.schema)
  readonly #last = new Map<string, { readonly partition: number; readonly window: BenchWindow }>()

  constructor(expected: ReadonlyMap<string, Totals>) {
    this.#expected = expected
  }

  /** The next record of the output. A value in the wire format is a window, whatever its schema's id. */
  add(partition: number, bytes: Buffer): void {
    if (bytes[0] !== 0) throw new Error('an output is not in the wire format')
    const window = this.#type.fromBuffer(bytes.subarray(HEADER)) as BenchWindow
    const id = windowId(window.tenant_id, window.campaign_id, window.event_time)
    if (window.event_id !== id) throw new Error(`the event_id of ${id} is ${window.event_id}`)
    const before = this.#last.get(id)
    if (before !== undefined && before.partition !== partition)
      throw new Error(`${id} is in two partitions: which of its values came last cannot be told`)
    this.#last.set(id, { partition, window })
    this.records++
  }

  /** Throws with the first differences: all windows, each with the right last value, and no others. */
  finish(): void {
    const wrong: string[] = []
    for (const [id, totals] of this.#expected) {
      const found = this.#last.get(id)?.window
      if (found === undefined) wrong.push(`${id} is missing`)
      else if (
        found.events !== totals.events ||
        found.cost_micros !== totals.costMicros ||
        found.ingest_time !== totals.latestIngest
      )
        wrong.push(
          `${id} is ${found.events} events, ${found.cost_micros}, latest ${found.ingest_time}; it should be ${totals.events}, ${totals.costMicros}, ${totals.latestIngest}`,
        )
    }
    for (const id of this.#last.keys()) if (!this.#expected.has(id)) wrong.push(`${id} should not be there`)
    if (wrong.length > 0)
      throw new Error(
        `${wrong.length} of ${this.#expected.size} windows are wrong:\n${wrong.slice(0, SHOWN).join('\n')}`,
      )
  }
}

/** Records of the output, all of which were right in the end. */
export async function checkOutput(
  bootstrap: string,
  output: string,
  ends: readonly number[],
  expected: ReadonlyMap<string, Totals>,
): Promise<number> {
  const check = new Check(expected)
  await readAll(bootstrap, output, ends, ({ partition, value }) => check.add(partition, value!))
  check.finish()
  return check.records
}
