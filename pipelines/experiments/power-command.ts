import type { Row } from '../../engine/cli/kit/index.ts'
import type { Model } from '../../engine/cli/model.ts'
import { StratumError } from '../../engine/errors.ts'
import { DEFINITION, sampleSize } from './model/power.ts'

interface Options {
  readonly baseline: number
  readonly mde: number
  readonly mdeType: 'relative' | 'absolute'
  readonly alpha?: number
  readonly power?: number
}

/** `stratum model power`: one document. */
export const run: Model = async ({ options }): Promise<Row> => {
  const { baseline, mde, mdeType, alpha, power } = options as unknown as Options
  try {
    const effect = { baseline, mde, mdeType: mdeType === 'absolute' ? 'ABSOLUTE' : 'RELATIVE' } as const
    const perVariant = sampleSize(effect, alpha, power)
    return { per_variant: perVariant, total: 2 * perVariant, definition: DEFINITION }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new StratumError('USAGE', error.message)
  }
}
