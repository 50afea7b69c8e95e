import type { Row } from '../../engine/cli/kit/index.ts'
import type { Model } from '../../engine/cli/model.ts'
import { StratumError } from '../../engine/errors.ts'
import { armsOf } from './model/arm.ts'
import { compare } from './model/compare.ts'

/** `stratum model experiment`: one document. */
export const run: Model = async ({ options }): Promise<Row> => {
  const { arm, confidence = 0.95 } = options as { arm: readonly string[]; confidence?: number }
  try {
    return { ...compare(armsOf(arm), confidence) }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new StratumError('USAGE', error.message)
  }
}
