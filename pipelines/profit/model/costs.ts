import { isDay } from '../../../engine/clock/days.ts'
import { StratumError } from '../../../engine/errors.ts'

/** From the most to the least specific: the first that states a cost is heard. */
export const SCOPES = ['PRODUCT', 'CATEGORY', 'PLATFORM', 'TENANT'] as const
export type Scope = (typeof SCOPES)[number]

/** What things cost, from a day on. Null is not stated: the next scope is asked. Money in micros of one currency. */
export interface CostConfig {
  readonly scope: Scope
  /** Product, category or platform; null for the tenant. */
  readonly key: string | null
  /** The first day on which it holds. */
  readonly from: string
  /** The first on which it does not; null: it holds. */
  readonly to: string | null
  /** A unit sold. */
  readonly cogs_micros: number | null
  readonly margin_type: 'PERCENTAGE' | 'FIXED' | null
  /** PERCENTAGE: a fraction of what was sold before refunds; FIXED: micros a unit. Used where no COGS are stated. */
  readonly margin_value: number | null
  readonly shipping_micros: number | null
  /** Fractions of the revenue. */
  readonly platform_fee_pct: number | null
  readonly payment_fee_pct: number | null
  /** Fraction of the units that come back, and what one that does costs. */
  readonly return_rate: number | null
  readonly return_cost_micros: number | null
}

const FRACTIONS = ['platform_fee_pct', 'payment_fee_pct', 'return_rate'] as const
const AMOUNTS = ['cogs_micros', 'shipping_micros', 'return_cost_micros'] as const

/**
 * Costs that may be asked.
 * @throws StratumError RECORD_INVALID: a fraction above 1, an amount that is none, a span without a day, two that overlap
 */
export function costBook(configs: readonly CostConfig[]): CostBook {
  for (const config of configs) check(config)
  const sorted = [...configs].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
  const byScope = new Map<string, CostConfig[]>()
  for (const config of sorted) {
    const name = nameOf(config.scope, config.key)
    const list = byScope.get(name) ?? []
    const last = list.at(-1)
    if (last && (last.to === null || last.to > config.from))
      throw new StratumError(
        'RECORD_INVALID',
        `costs of ${name}: those from ${last.from} still hold on ${config.from}; end them first`,
      )
    byScope.set(name, [...list, config])
  }
  return { byScope }
}

export interface CostBook {
  readonly byScope: ReadonlyMap<string, readonly CostConfig[]>
}

/** What a sale is of. */
export interface Sold {
  readonly product: string | null
  readonly category: string | null
  readonly platform: string | null
}

export type Costs = Omit<CostConfig, 'scope' | 'key' | 'from' | 'to'>

/** The costs of a sale on a day: each from the most specific scope that states it. COGS and margin are one statement. */
export function costsOn({ byScope }: CostBook, { product, category, platform }: Sold, day: string): Costs {
  const keys = [product, category, platform, null]
  const held = SCOPES.flatMap((scope, i) => {
    const key = keys[i]!
    if (scope !== 'TENANT' && key === null) return []
    const list = byScope.get(nameOf(scope, key)) ?? []
    return list.filter(({ from, to }) => from <= day && (to === null || day < to))
  })
  const first = <K extends keyof Costs>(name: K) =>
    (held.find(config => config[name] !== null)?.[name] ?? null) as Costs[K]
  const goods = held.find(config => config.cogs_micros !== null || config.margin_value !== null)
  return {
    cogs_micros: goods?.cogs_micros ?? null,
    margin_type: goods?.margin_type ?? null,
    margin_value: goods?.margin_value ?? null,
    shipping_micros: first('shipping_micros'),
    platform_fee_pct: first('platform_fee_pct'),
    payment_fee_pct: first('payment_fee_pct'),
    return_rate: first('return_rate'),
    return_cost_micros: first('return_cost_micros'),
  }
}

const nameOf = (scope: Scope, key: string | null) => (key === null ? scope : `${scope} ${key}`)

function check(config: CostConfig): void {
  const name = nameOf(config.scope, config.key)
  const refuse = (why: string) => new StratumError('RECORD_INVALID', `costs of ${name}: ${why}`)
  if ((config.scope === 'TENANT') !== (config.key === null))
    throw refuse('a product, category or platform has a key; the tenant has none')
  for (const day of [config.from, config.to])
    if (day !== null && !isDay(day)) throw refuse(`there is no day ${day}`)
  if (config.to !== null && config.to <= config.from)
    throw refuse(`they begin on ${config.from} and end before ${config.to}: no day is left`)
  for (const field of FRACTIONS) {
    const value = config[field]
    if (value !== null && !(value >= 0 && value <= 1))
      throw refuse(`${field} is a fraction from 0 to 1 (.029 is 2.9 %), got ${value}`)
  }
  for (const field of AMOUNTS) {
    const value = config[field]
    if (value !== null && !(Number.isSafeInteger(value) && value >= 0))
      throw refuse(`${field} is a whole number of micros, 0 or more, got ${value}`)
  }
  if ((config.margin_value === null) !== (config.margin_type === null))
    throw refuse('margin_type and margin_value are stated together')
  const { margin_type: type, margin_value: margin } = config
  if (type === 'PERCENTAGE' && !(margin! >= 0 && margin! <= 1))
    throw refuse(`margin_value is a fraction from 0 to 1, got ${margin}`)
  if (type === 'FIXED' && !(Number.isSafeInteger(margin!) && margin! >= 0))
    throw refuse(`a FIXED margin_value is a whole number of micros, 0 or more, got ${margin}`)
}
