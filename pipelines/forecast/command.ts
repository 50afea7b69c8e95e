import type { Row } from '../../engine/cli/kit/index.ts'
import type { Model } from '../../engine/cli/model.ts'
import { StratumError } from '../../engine/errors.ts'
import { monthEnd, smoothed } from './model/forecast.ts'
import type { Smoothing } from './model/smoothing.ts'
import { days, steps } from './series-file.ts'

interface Options {
  readonly model: Smoothing | 'month-end'
  readonly horizon: number
  readonly level: number
  readonly season?: number
  readonly alpha?: number
}

/** `stratum model forecast`: one document. */
export const run: Model = async ({ args, options, signal }): Promise<Row> => {
  const asked = { level: 0.95, ...options } as unknown as Options
  const { model, season, alpha } = asked
  const file = args[0]!
  if (alpha !== undefined && model !== 'ewma')
    throw new StratumError('USAGE', `--alpha is of --model ewma; ${model} finds its own`)
  if (model === 'month-end') {
    if (season !== undefined && season !== 7)
      throw new StratumError('USAGE', '--model month-end knows one season, the week: leave --season out')
    return { ...monthEnd(await days(file, signal), asked) }
  }
  const y = await steps(file, signal)
  try {
    return { ...smoothed(model, y, asked) }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new StratumError('RECORD_INVALID', `${file}: ${error.message}`)
  }
}
