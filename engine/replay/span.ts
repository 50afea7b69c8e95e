import { instantOf } from '../clock/iso.ts'
import type { StoredRecord } from '../log/port.ts'
import { usage } from '../ops/args.ts'

/** A place in every partition of an input: an offset, or the first record of an ingest time or later (UTC micros). */
export interface Place {
  readonly by: 'offset' | 'time'
  readonly at: number
}

/** @throws USAGE: neither an offset nor an instant with its zone */
export function placeOf(option: string, text: string | undefined): Place | null {
  if (text === undefined) return null
  if (/^\d+$/.test(text)) return { by: 'offset', at: Number(text) }
  const at = instantOf(text)
  if (at === null)
    throw usage(
      `${option} ${text} is neither an offset nor an instant: give one as 1200, 2026-01-31 or 2026-01-31T10:00:00Z`,
    )
  return { by: 'time', at }
}

export interface Bounded {
  /** What lies before it is folded all the same: what follows rests on it. */
  readonly from: Place | null
  readonly to: Place | null
}

/** @throws USAGE: it ends before it begins */
export function boundedBy(from: string | undefined, to: string | undefined): Bounded {
  const bounded = { from: placeOf('--from', from), to: placeOf('--to', to) }
  if (bounded.from && bounded.from.by === bounded.to?.by && bounded.from.at >= bounded.to.at)
    throw usage(`--to ${to} is not after --from ${from}`)
  return bounded
}

/** Where one partition is, of the stretch that is asked for. Asked record by record, in order. */
export class Span {
  readonly #bounded: Bounded
  #begun: boolean
  #over = false

  constructor(bounded: Bounded) {
    this.#bounded = bounded
    this.#begun = bounded.from === null
  }

  where(record: StoredRecord): 'before' | 'within' | 'after' {
    const { from, to } = this.#bounded
    // From the first one on: times may fall back (a connection that reads on after another), places do not.
    if (!this.#begun && reached(from!, record)) this.#begun = true
    if (!this.#over && to !== null && reached(to, record)) this.#over = true
    return this.#over ? 'after' : this.#begun ? 'within' : 'before'
  }
}

const reached = ({ by, at }: Place, { offset, time }: StoredRecord) => (by === 'offset' ? offset : time) >= at
