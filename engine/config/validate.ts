import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import { messageOf, StratumError } from '../errors.ts'
import type { JsonSchema } from '../source/port.ts'
import { type Problem, problemsOf } from './problems.ts'

const compiled = new WeakMap<JsonSchema, ValidateFunction>()

function compile(schema: JsonSchema, what: string): ValidateFunction {
  const known = compiled.get(schema)
  if (known) return known
  // An instance a schema: ajv keeps every schema it has seen, and refuses an $id it has seen.
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    useDefaults: true,
    strict: true,
    allowUnionTypes: true,
  })
  formats.default(ajv)
  for (const keyword of ['secret', 'optional']) ajv.addKeyword({ keyword, schemaType: 'boolean' })
  ajv.addKeyword({ keyword: 'pseudonymise', schemaType: ['boolean', 'string'] })
  try {
    const validator = ajv.compile(schema)
    compiled.set(schema, validator)
    return validator
  } catch (cause) {
    throw new StratumError('CONFIG_INVALID', `the schema of ${what} is wrong: ${messageOf(cause)}`, { cause })
  }
}

/** A value with the defaults of its schema filled in, and what is wrong with it. The value itself stays as it is. */
export function check(
  schema: JsonSchema,
  value: unknown,
  what: string,
): { readonly value: unknown; readonly problems: readonly Problem[] } {
  const validator = compile(schema, what)
  const complete = structuredClone(value)
  const valid = validator(complete)
  return { value: complete, problems: valid ? [] : problemsOf(validator.errors ?? []) }
}

/**
 * A value that matches its schema, with defaults filled in. Nothing is coerced: `"5"` is no integer.
 * `what` names the place for the reader: a file, `configuration of csv`.
 * @throws StratumError CONFIG_INVALID with every problem, each with its JSON pointer
 */
export function validate(schema: JsonSchema, value: unknown, what: string): unknown {
  const { value: complete, problems } = check(schema, value, what)
  if (problems.length > 0) throw invalid(problems.map(({ text }) => `${what}: ${text}`))
  return complete
}

/** One error for all problems. */
export function invalid(lines: readonly string[]): StratumError {
  return new StratumError('CONFIG_INVALID', lines.join('; '), { details: lines })
}
