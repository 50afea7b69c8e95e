import type { ErrorObject } from 'ajv'
import type { JsonSchema } from '../source/port.ts'
import { redactText } from '../telemetry/redact.ts'
import { fromPointer, toPointer } from './pointer.ts'
import { hasSecret } from './secrets.ts'
import { didYouMean } from './suggest.ts'

/** One thing that is wrong: where, and what. */
export interface Problem {
  readonly path: readonly string[]
  readonly text: string
}

/** `/sink/cutRows must be integer, got "many"`, from the errors of ajv (made with `verbose`). */
export function problemsOf(errors: readonly ErrorObject[]): Problem[] {
  const found = withoutAlternatives(errors).map(problemOf)
  const seen = new Set<string>()
  return found.filter(({ text }) => !seen.has(text) && seen.add(text))
}

function problemOf(error: ErrorObject): Problem {
  const path = fromPointer(error.instancePath)
  const at = error.instancePath || '/'
  const params = error.params as Record<string, unknown>
  switch (error.keyword) {
    case 'required': {
      const missing = [...path, String(params.missingProperty)]
      return { path: missing, text: `${toPointer(missing)} is required${titleOf(error)}` }
    }
    case 'additionalProperties': {
      const name = String(params.additionalProperty)
      const known = Object.keys(schemaOf(error).properties ?? {})
      const unknown = [...path, name]
      return { path: unknown, text: `${toPointer(unknown)} is not a setting${didYouMean(name, known)}` }
    }
    case 'enum': {
      const allowed = (params.allowedValues as unknown[]).map(value => JSON.stringify(value)).join(', ')
      return { path, text: `${at} must be one of ${allowed}${got(error)}` }
    }
    case 'type':
      return { path, text: `${at} must be ${[params.type].flat().join(' or ')}${got(error)}` }
    case 'minLength':
      if (params.limit === 1) return { path, text: `${at} must not be empty` }
      break
    case 'oneOf':
      return { path, text: `${at} must match exactly one alternative${alternatives(error)}${got(error)}` }
  }
  return { path, text: `${at} ${error.message ?? 'is wrong'}${got(error)}` }
}

const schemaOf = (error: ErrorObject): JsonSchema => (error.parentSchema ?? {}) as JsonSchema

function titleOf(error: ErrorObject): string {
  const title = schemaOf(error).properties?.[String(error.params.missingProperty)]?.title
  return title ? ` (${title})` : ''
}

function alternatives(error: ErrorObject): string {
  const titles = (schemaOf(error).oneOf ?? [])
    .map(schema => schema.title)
    .filter(title => title !== undefined)
  return titles.length > 0 ? `: ${titles.join(' | ')}` : ''
}

/** What was there instead, short; never a secret nor what may hold one. */
function got(error: ErrorObject): string {
  if (hasSecret(schemaOf(error))) return ''
  const value: unknown = error.data
  if (Array.isArray(value)) return ', got an array'
  if (typeof value === 'object' && value !== null) return ', got an object'
  const text = redactText(JSON.stringify(value) ?? 'nothing')
  return `, got ${text.length > 60 ? `${text.slice(0, 57)}…` : text}`
}

/**
 * Where a value fits no alternative of a `oneOf`, only the alternative it comes nearest to (fewest errors; one
 * whose constant, such as a `type` field, differs comes last) says what is wrong.
 */
function withoutAlternatives(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choice = errors.find(error => error.keyword === 'oneOf' && error.params.passingSchemas === null)
  if (!choice) return errors
  const inside = errors.filter(
    error => error !== choice && error.schemaPath.startsWith(`${choice.schemaPath}/`),
  )
  const outside = errors.filter(error => error !== choice && !inside.includes(error))
  const branches = new Map<string, ErrorObject[]>()
  for (const error of inside) {
    const branch = error.schemaPath.slice(choice.schemaPath.length + 1).split('/')[0]!
    branches.set(branch, [...(branches.get(branch) ?? []), error])
  }
  const cost = (list: readonly ErrorObject[]) =>
    list.reduce(
      (sum, { keyword }) => sum + (keyword === 'const' || keyword === 'enum' || keyword === 'type' ? 10 : 1),
      0,
    )
  const ranked = [...branches.values()].sort((a, b) => cost(a) - cost(b))
  const nearest = ranked[0]
  const clear = nearest && (ranked.length === 1 || cost(nearest) < cost(ranked[1]!))
  if (!clear) return [...withoutAlternatives(outside), choice]
  return [...withoutAlternatives(outside), ...withoutAlternatives(nearest)]
}
