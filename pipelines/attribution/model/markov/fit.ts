import { exactSum } from '../exact-sum.ts'
import type { Paths } from '../paths.ts'
import { type Chain, chainOf } from './chain.ts'
import { type Removal, removalOf } from './removal.ts'
import { removalWithin } from './truncated.ts'

export interface MarkovOptions {
  /** Channels in a row that make a state. @default 1 */
  readonly order?: number | undefined
  /** Count journeys that did not convert. @default true */
  readonly withNulls?: boolean | undefined
  /** Journeys that have been in so many states without ending count as lost. @default undefined: they go on */
  readonly maxSteps?: number | undefined
}

export interface MarkovFit {
  readonly order: number
  readonly withNulls: boolean
  readonly states: number
  /** Of every channel, by name. */
  readonly channels: readonly MarkovCredit[]
}

export interface MarkovCredit {
  readonly channel: string
  readonly conversions: number
  /** Null: not known of every path. */
  readonly value: number | null
  /**
   * The share of all conversions that is lost where the channel is taken away, 0 to 1; not normalised: together they
   * are more than 1. Null: there are no conversions.
   */
  readonly removalEffect: number | null
  /** The same of value. Null: it is not known, or there is none. */
  readonly removalEffectValue: number | null
}

/**
 * The Markov model, exactly (attribution.md §2): credit is total × removal effect ÷ sum of removal effects.
 * @throws RangeError: the order is none; nulls are asked for and not known; a chain too large to solve exactly
 */
export function markovOf(paths: Paths, options: MarkovOptions = {}): MarkovFit {
  const { order = 1, withNulls = true } = options
  if (withNulls && paths.totals.nulls === null)
    throw new RangeError('it is not known how many journeys did not convert: say so, or leave nulls out')
  return fitOf(chainOf(paths, order, withNulls), { ...options, isValued: paths.totals.value !== null })
}

/** The same of counts that are there already. */
export function fitOf(
  chain: Chain,
  { withNulls = true, maxSteps, isValued = true }: MarkovOptions & { readonly isValued?: boolean } = {},
): MarkovFit {
  const conversions = chain.conversions.reduce((sum, count) => sum + count, 0)
  const value = isValued ? chain.values.reduce((sum, worth) => sum + worth, 0) : null
  const effects =
    conversions > 0
      ? effectsOf(chain, maxSteps !== undefined ? removalWithin(chain, maxSteps) : removalOf(chain))
      : null
  const credits = credited(conversions, effects?.conversions)
  const values = value === null ? null : credited(value, effects?.value)
  return {
    order: chain.order,
    withNulls,
    states: chain.states.length,
    channels: chain.channels.map((channel, i) => ({
      channel,
      conversions: credits?.[i] ?? 0,
      value: value === null ? null : (values?.[i] ?? 0),
      removalEffect: effects ? effects.conversions[i]! : null,
      removalEffectValue: effects && value ? effects.value[i]! : null,
    })),
  }
}

function effectsOf(chain: Chain, { whole, through }: Removal) {
  const of = (measure: 'conversions' | 'value') =>
    chain.channels.map((_, i) => (whole[measure] > 0 ? (through.get(i)?.[measure] ?? 0) / whole[measure] : 0))
  return { conversions: of('conversions'), value: of('value') }
}

function credited(total: number, effects: readonly number[] | undefined): number[] | null {
  const all = exactSum(effects ?? [])
  return all > 0 ? effects!.map(effect => (total * effect) / all) : null
}
