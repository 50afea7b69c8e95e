import type { Model } from '../../engine/cli/model.ts'
import { StratumError } from '../../engine/errors.ts'
import { additiveCredits, type Credit } from './model/additive.ts'
import { MAX_ORDER } from './model/markov/chain.ts'
import { type MarkovFit, markovOf } from './model/markov/fit.ts'
import type { ModelName } from './model/names.ts'
import { type Paths, pathsOf } from './model/paths.ts'
import { conversionRateShapley } from './model/shapley/conversion-rate.ts'
import { readPaths } from './path-file.ts'

interface Options {
  readonly model: ModelName
  readonly order?: string
  readonly nulls?: boolean
  readonly maxSteps?: string
}

/** `stratum model attribution`: what each channel of a path file is credited with. */
export const run: Model = async ({ args, options, signal }) => {
  const asked = options as unknown as Options
  const order = wholeNumber('--order', asked.order, asked.model, MAX_ORDER)
  const maxSteps = wholeNumber('--max-steps', asked.maxSteps, asked.model, Number.MAX_SAFE_INTEGER)
  const withNulls = asked.nulls !== false
  if (!withNulls && asked.model === 'shapley_conversion_rate')
    throw new StratumError(
      'USAGE',
      `${asked.model} is made of journeys that did not convert: leave out --no-nulls`,
    )
  const file = args[0]!
  const rows = await readPaths(file, signal)
  try {
    const paths = pathsOf(rows)
    check(paths, asked, file)
    const channels =
      asked.model === 'markov'
        ? markovRows(markovOf(paths, { order, withNulls, maxSteps }))
        : creditsOf(paths, asked.model)
    return {
      model: asked.model,
      order: asked.model === 'markov' ? (order ?? 1) : null,
      // What was left out is no part of what was counted.
      totals: withNulls ? { ...paths.totals } : { ...paths.totals, nulls: null },
      channels,
      ...reasonOf(paths, asked.model),
    }
  } catch (error) {
    if (error instanceof RangeError) throw new StratumError('RECORD_INVALID', `${file}: ${error.message}`)
    throw error
  }
}

function wholeNumber(
  flag: string,
  text: string | undefined,
  model: ModelName,
  most: number,
): number | undefined {
  if (text === undefined) return undefined
  if (model !== 'markov') throw new StratumError('USAGE', `${flag} is of the model markov, not of ${model}`)
  const number = /^\d+$/.test(text) ? Number(text) : 0
  if (number < 1 || number > most)
    throw new StratumError(
      'USAGE',
      `${flag} ${text}: a whole number from 1 ${most === MAX_ORDER ? `to ${most}` : 'up'}`,
    )
  return number
}

/** What a model needs and the file does not have. */
function check({ rows, totals }: Paths, { model, nulls }: Options, file: string): void {
  const missing = (why: string) => new StratumError('RECORD_INVALID', `${file}, line 1: ${why}`)
  if (model === 'time_decay' && rows.some(row => row.conversions > 0 && row.daysBefore === null))
    throw missing(
      'time_decay needs the column days_before: of each touch, days before the conversion, as in 3 > 1 > 0',
    )
  if (totals.nulls !== null) return
  if (model === 'shapley_conversion_rate')
    throw missing('shapley_conversion_rate needs the column total_null: journeys that did not convert')
  if (model === 'markov' && nulls !== false)
    throw missing(
      'there is no column total_null: add the journeys that did not convert, or say --no-nulls to do without them',
    )
}

function creditsOf(paths: Paths, model: Exclude<ModelName, 'markov'>): Credit[] {
  return model === 'shapley_conversion_rate' ? conversionRateShapley(paths) : additiveCredits(paths, model)
}

function markovRows({ channels }: MarkovFit) {
  return channels.map(({ removalEffect, removalEffectValue, ...credit }) => ({
    ...credit,
    removal_effect: removalEffect,
    removal_effect_value: removalEffectValue,
  }))
}

/** Why something is null. */
function reasonOf({ totals }: Paths, model: ModelName): { reason?: string } {
  if (model === 'markov' && totals.conversions === 0)
    return { reason: 'no path converts: there is nothing to credit, and no effect of removing a channel' }
  if (totals.value === null)
    return { reason: 'there is no column total_conversion_value: value is not known' }
  if (model === 'markov' && totals.value === 0)
    return { reason: 'no path is worth anything: there is no effect of removing a channel on value' }
  return {}
}
