import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'

/** What is wrong with a record, without its values; null: nothing. */
export type Validator = (value: unknown) => string | null

/**
 * A check by a tap's own schema. Taps write every draft there has been: a schema that cannot be read as draft-07 is
 * said once, and its records are not checked. `multipleOf` is left alone: 1e-38 means nothing to a float.
 */
export function validatorOf(
  stream: string,
  schema: string,
  notice: (message: string) => void,
): Validator | null {
  const ajv = new Ajv({ strict: false, logger: false, validateSchema: false })
  formats.default(ajv)
  ajv.removeKeyword('multipleOf')
  let valid: ValidateFunction
  try {
    const { $schema: _, ...rest } = JSON.parse(schema) as Record<string, unknown>
    valid = ajv.compile(rest)
  } catch {
    notice(`the schema of stream ${stream} is of a kind that is not understood: its records are not checked`)
    return null
  }
  return value => {
    if (valid(value)) return null
    const [problem] = valid.errors!
    return `${problem!.instancePath || 'the record'} ${problem!.message}`
  }
}
