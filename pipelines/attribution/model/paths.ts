import { exactSum } from './exact-sum.ts'

/** Beyond it the sums and products of models would be no numbers. */
const MOST_VALUE = 1e300

/** Journeys that took the same way, added up. */
export interface PathRow {
  /** Channels (or platforms, campaigns, ads) in the order in which they were touched. */
  readonly path: readonly string[]
  readonly conversions: number
  /** What the conversions were worth, in any one unit. Null: not known. */
  readonly value: number | null
  /** Journeys that ended without a conversion. Null: not known. */
  readonly nulls: number | null
  /** Of each touch, days before the conversion, for `time_decay`. */
  readonly daysBefore?: readonly number[] | null
}

/** A row whose channels are numbers: places in `Paths.channels`. */
export interface NumberedRow {
  readonly path: readonly number[]
  readonly conversions: number
  readonly value: number
  readonly nulls: number
  readonly daysBefore: readonly number[] | null
}

/** Paths as models read them: each way once, everything in an order that does not depend on that of the rows. */
export interface Paths {
  /** Sorted by name. */
  readonly channels: readonly string[]
  readonly rows: readonly NumberedRow[]
  /** `value` and `nulls` are null when a row does not say them. */
  readonly totals: Totals
}

export interface Totals {
  readonly conversions: number
  readonly value: number | null
  readonly nulls: number | null
}

/**
 * Rows put together. What they hold is taken as checked (`path-row.ts` does it for files).
 * @throws RangeError: more conversions or nulls than can be counted exactly (2^53), or more value than can be added up
 */
export function pathsOf(rows: readonly PathRow[]): Paths {
  const channels = namesOf(rows)
  const numbers = new Map(channels.map((name, i) => [name, i]))
  const ways = new Map<string, { path: number[]; same: PathRow[] }>()
  for (const row of rows) {
    const path = row.path.map(name => numbers.get(name)!)
    const way = path.join()
    const key = row.daysBefore ? `${way}|${row.daysBefore.join()}` : way
    const known = ways.get(key)
    if (known) known.same.push(row)
    else ways.set(key, { path, same: [row] })
  }
  const keys = [...ways.keys()].sort()
  return { channels, rows: keys.map(key => merged(ways.get(key)!)), totals: totalsOf(rows) }
}

function namesOf(rows: readonly PathRow[]): string[] {
  const names = new Set<string>()
  for (const { path } of rows) for (const name of path) names.add(name)
  return [...names].sort()
}

function merged({ path, same }: { path: number[]; same: readonly PathRow[] }): NumberedRow {
  const daysBefore = same[0]!.daysBefore ?? null
  const { conversions, value, nulls } = same.length === 1 ? same[0]! : totalsOf(same)
  return { path, conversions, value: value ?? 0, nulls: nulls ?? 0, daysBefore }
}

function totalsOf(rows: readonly PathRow[]): Totals {
  let conversions = 0
  let nulls: number | null = 0
  for (const row of rows) {
    conversions += row.conversions
    nulls = nulls === null || row.nulls === null ? null : nulls + row.nulls
  }
  if (conversions + (nulls ?? 0) > Number.MAX_SAFE_INTEGER)
    throw new RangeError('more than 2^53 journeys cannot be counted exactly: divide the counts by a thousand')
  const values = rows.map(row => row.value)
  const value = values.includes(null) ? null : exactSum(values as number[])
  // What is beyond any number adds up to none.
  if (value !== null && !(value <= MOST_VALUE))
    throw new RangeError(`more value than ${MOST_VALUE} cannot be added up: write it in a larger unit`)
  return { conversions, value, nulls }
}
