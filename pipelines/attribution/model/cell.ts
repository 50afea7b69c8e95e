import { type Cell, MODELS, MOST, PATHS, UNVALUED } from './tally.ts'

/**
 * What all journeys of a day together bring one key: the counts of `tally.ts`, with micros kept by currency, since amounts
 * of several are never added. Plain data: what was added can be taken off without a trace.
 */
export interface Sum {
  /** Without micros. */
  readonly counts: Cell
  /** By currency: paths whose value is known, then micros by model. */
  readonly money: Record<string, number[]>
}

/** Revenue by one model. */
export interface Revenue {
  readonly micros: number | null
  readonly currency: string | null
}

const UNKNOWN: Revenue = { micros: null, currency: null }

/** Adds a journey's cell, or takes it off. @throws RangeError: it cannot be; nothing was changed */
export function addCell(sum: Sum | null, cell: Readonly<Cell>, currency: string | null, sign: 1 | -1): Sum {
  const counts = cell.map((count, i) => (isMicros(i) ? 0 : (sum?.counts[i] ?? 0) + sign * count))
  const money = { ...sum?.money }
  if (cell[UNVALUED] === 0) {
    const name = currency ?? ''
    const micros = [1, ...cell.filter((_, i) => isMicros(i))]
    const known = money[name]
    const all = micros.map((more, i) => (known?.[i] ?? 0) + sign * more)
    if (all[0] === 0) delete money[name]
    else money[name] = all
    check(all, sign)
  }
  check(counts, sign)
  return { counts, money }
}

/** Every second number after the counts of paths is units of a model, the one after it micros. */
const isMicros = (place: number): boolean => place >= MODELS && (place - MODELS) % 2 === 1

function check(numbers: readonly number[], sign: 1 | -1): void {
  if (numbers.every(n => n >= 0 && n <= MOST)) return
  throw new RangeError(
    sign > 0
      ? 'more conversions or value than can be counted exactly in a day: 4.5 million, 4.5 billion'
      : 'it was not counted',
  )
}

/** What the key brought by the model in that place of ADDITIVE_MODELS. */
export function revenueBy({ money, counts }: Sum, model: number): Revenue {
  const currencies = Object.keys(money)
  if (currencies.length === 0) return counts[PATHS] === 0 ? { micros: 0, currency: null } : UNKNOWN
  if (currencies.length > 1) return UNKNOWN
  const [currency] = currencies
  return { micros: money[currency!]![model + 1]!, currency: currency === '' ? null : currency! }
}
