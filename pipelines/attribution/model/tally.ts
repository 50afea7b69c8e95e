import { checkJourney, DIMENSIONS, type Dimension, daysBefore, type Journey } from './journey.ts'
import { BY_TOUCH, type Split, splitBy, UNITS } from './split.ts'
import { ADDITIVE_MODELS, type AdditiveModel, HALF_LIFE_DAYS, type Touches } from './weights.ts'

/**
 * Credits of all additive models by each dimension, journey by journey. Whole numbers throughout: a
 * journey that is taken off leaves no trace, and the order of journeys changes nothing. Plain data, to be kept as it is
 * in the state of a stage: what is touched goes by names that can be keys of it (`nameOf` of journeys makes them so).
 */
export interface Tally {
  readonly halfLifeDays: number
  readonly position?: Touches['position']
  readonly cells: Readonly<Record<Dimension, Record<string, Cell>>>
}

/** Counts of a key: `PATHS` to `UNVALUED`, then units and micros of each model in the order of ADDITIVE_MODELS. */
export type Cell = number[]

export const PATHS = 0
export const FIRST = 1
export const LAST = 2
export const ASSISTED = 3
/** Of the paths: those whose value is not known. */
export const UNVALUED = 4
/** From here on, units and micros of each model. */
export const MODELS = 5
/** Two of these add up exactly: whatever was added can be undone. */
export const MOST = 2 ** 52
const LIMITS = '4.5 million conversions, 4.5 billion of value'
const WIDTH = MODELS + 2 * ADDITIVE_MODELS.length
const UNITS_OF = Object.fromEntries(ADDITIVE_MODELS.map((model, i) => [model, MODELS + 2 * i])) as Record<
  AdditiveModel,
  number
>

const NOTHING: readonly number[] = new Array(WIDTH).fill(0)

/** What a key is credited with by one model. */
export interface Attributed {
  readonly key: string
  readonly conversions: number
  /** Null: of none of its paths is the value known. */
  readonly valueMicros: number | null
  /** Converting paths that touch it; of those, whose value is not known, and is not in `valueMicros`. */
  readonly paths: number
  readonly unvaluedPaths: number
  /** Converting paths in which it is the first touch, the last, or any but the last (product.md §2 row 31). */
  readonly firstTouchCount: number
  readonly lastTouchCount: number
  readonly assistedCount: number
}

export function emptyTally(halfLifeDays = HALF_LIFE_DAYS, position?: Touches['position']): Tally {
  if (!(halfLifeDays > 0 && Number.isFinite(halfLifeDays)))
    throw new RangeError(`a half-life is more than 0 days, not ${halfLifeDays}`)
  return {
    halfLifeDays,
    ...(position ? { position } : {}),
    cells: { channel: {}, source_medium: {}, platform: {}, campaign: {}, ad: {} },
  }
}

/** Counts a journey. One that did not convert changes nothing. @throws RangeError: it is none; nothing was counted */
export function addJourney(tally: Tally, journey: Journey): void {
  change(tally, journey, 1)
}

/**
 * Takes a journey off again that was counted with the same touches, times and value.
 * @throws RangeError: it is none; nothing was changed
 */
export function retractJourney(tally: Tally, journey: Journey): void {
  change(tally, journey, -1)
}

function change(tally: Tally, journey: Journey, sign: 1 | -1): void {
  checkJourney(journey)
  if (journey.conversions === 0) return
  const counted = countedBy(tally, journey)
  const wrong = apply(tally, counted, journey, sign)
  if (wrong === null) return
  apply(tally, counted, journey, sign === 1 ? -1 : 1)
  throw new RangeError(`a journey closed at ${journey.closedAt} ${wrong}`)
}

interface Counted {
  readonly dimension: Dimension
  readonly keys: readonly string[]
  readonly splits: readonly (Split & { readonly place: number })[]
}

/** What a journey adds to each dimension. */
function countedBy({ halfLifeDays, position }: Tally, journey: Journey): Counted[] {
  const days = daysBefore(journey)
  const split = (model: AdditiveModel, keys: readonly string[]) => ({
    place: UNITS_OF[model],
    ...splitBy(journey, model, keys, days, { halfLifeDays, position }),
  })
  let same: (Split & { place: number })[] | undefined
  return DIMENSIONS.map(dimension => {
    const keys = journey.touches.map(touch => touch[dimension])
    // All but Shapley look at places and times only: they are worked out once for all dimensions.
    same ??= BY_TOUCH.map(model => split(model, keys))
    return { dimension, keys, splits: [...same, split('shapley', keys)] }
  })
}

/** @returns why it must be undone; null: it need not */
function apply(tally: Tally, counted: readonly Counted[], journey: Journey, sign: 1 | -1): string | null {
  let wrong: string | null = null
  for (const { dimension, keys, splits } of counted) {
    const cells = tally.cells[dimension]
    const own = keys.map(key => cellOf(cells, key))
    const at = (i: number) => `${dimension} ${keys[i]}`
    for (const { place, units, micros } of splits)
      for (let i = 0; i < own.length; i++) {
        // Both are changed, whatever comes of the first: what is undone must have been done.
        const isCredited = isCounted(own[i]!, place, sign * units[i]!)
        const isValued = micros === null || isCounted(own[i]!, place + 1, sign * micros[i]!)
        if (!isCredited || !isValued)
          wrong ??= sign > 0 ? `is too much for ${at(i)}: ${LIMITS}` : `was not counted for ${at(i)}`
      }
    countTouches(own, journey, sign)
    for (let i = 0; i < own.length; i++) {
      const cell = own[i]!
      if (cell[PATHS]! > 0) continue
      if (cell.every(count => count === 0)) delete cells[keys[i]!]
      else wrong ??= `was not counted like this for ${at(i)}`
    }
  }
  return wrong
}

/** Adds; whether the count can be one. */
function isCounted(cell: Cell, place: number, more: number): boolean {
  if (more === 0) return true
  const count = cell[place]! + more
  cell[place] = count
  return count >= 0 && count <= MOST
}

function cellOf(cells: Record<string, Cell>, key: string): Cell {
  const known = cells[key]
  // What every object has by that name is no cell. Asking whether it is the object's own takes longer.
  if (Array.isArray(known)) return known
  const cell: Cell = NOTHING.slice()
  cells[key] = cell
  return cell
}

function countTouches(own: readonly Cell[], { valueMicros }: Journey, sign: 1 | -1): void {
  const last = own.length - 1
  own[0]![FIRST]! += sign
  own[last]![LAST]! += sign
  // Distinct keys only: a path counts once for each.
  const seen = new Set<Cell>()
  for (const [i, cell] of own.entries()) {
    if (i === last) for (const assisting of seen) assisting[ASSISTED]! += sign
    seen.add(cell)
  }
  for (const cell of seen) {
    cell[PATHS]! += sign
    if (valueMicros === null) cell[UNVALUED]! += sign
  }
}

/** Every cell there is. */
export function cellsOf({ cells }: Tally): { dimension: Dimension; key: string; cell: Readonly<Cell> }[] {
  return DIMENSIONS.flatMap(dimension =>
    Object.entries(cells[dimension]).map(([key, cell]) => ({ dimension, key, cell })),
  )
}

/** What an additive model credits the keys of a dimension with, by key. */
export function attributed({ cells }: Tally, model: AdditiveModel, by: Dimension): Attributed[] {
  const at = UNITS_OF[model]
  const rows = Object.entries(cells[by]).map(([key, cell]) => {
    return {
      key,
      conversions: cell[at]! / UNITS,
      valueMicros: cell[UNVALUED] === cell[PATHS] ? null : cell[at + 1]!,
      paths: cell[PATHS]!,
      unvaluedPaths: cell[UNVALUED]!,
      firstTouchCount: cell[FIRST]!,
      lastTouchCount: cell[LAST]!,
      assistedCount: cell[ASSISTED]!,
    }
  })
  return rows.sort((a, b) => (a.key < b.key ? -1 : 1))
}
