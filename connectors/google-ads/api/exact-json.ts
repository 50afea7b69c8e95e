import type { Answer } from '../../../plugins/http/index.ts'
import { exactJson } from '../../../plugins/rows/index.ts'

export type Json = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const bodies = new WeakMap<Answer, { readonly value: unknown }>()

/** An answer's body with its numbers as text, parsed once. @throws RetryableError: it is no JSON, as when it was cut off */
export function bodyOf(answer: Answer): unknown {
  let body = bodies.get(answer)
  if (!body) {
    try {
      body = { value: exactJson(answer.text()) }
    } catch {
      body = { value: answer.json() }
    }
    bodies.set(answer, body)
  }
  return body.value
}
