import { check } from '../../engine/config/index.ts'
import { messageOf } from '../../engine/errors.ts'
import { isVariantName } from '../ingest/told.ts'
import { type Definition, problemsOf } from './model/definition.ts'
import { requiredOf } from './model/result.ts'
import { DefinitionSchema } from './schema.ts'

const MOST_ARMS = 10
/** People are counted by the name of their arm, in objects that have no field of that name. */
const NO_NAME = '__proto__'

/** A definition with its defaults, and everything that is wrong with it. `toRun`: also what only a start needs. */
export function checkDefinition(
  said: unknown,
  toRun: boolean,
): { readonly definition: Definition | null; readonly problems: readonly string[] } {
  const checked = check(DefinitionSchema, said, 'the experiment')
  if (checked.problems.length > 0)
    return { definition: null, problems: checked.problems.map(({ text }) => text) }
  const definition = checked.value as unknown as Definition
  const problems = toRun ? problemsOf(definition) : []
  if (definition.arms.length > MOST_ARMS) problems.push(`arms: at most ${MOST_ARMS}`)
  for (const [i, arm] of definition.arms.entries())
    if (arm.name === NO_NAME)
      problems.push(`/arms/${i}/name ${NO_NAME} is no name that people can be counted by: take another`)
  const { parameter } = definition
  if (parameter !== null && !isVariantName(parameter))
    problems.push(
      `parameter: "${parameter.slice(0, 50)}" is not kept; names begin with exp, variant, ab_test, vwo, optimizely or convert`,
    )
  try {
    requiredOf(definition)
  } catch (error) {
    problems.push(messageOf(error))
  }
  return { definition: problems.length > 0 ? null : definition, problems }
}
