import type { Answer } from '../../../plugins/http/index.ts'

export type Json = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** JSON whose numbers are kept as they are written, as text: no amount is ever a float. @throws SyntaxError */
export const exactJson = (text: string): unknown =>
  JSON.parse(text.replace(STRING_OR_NUMBER, token => (token.startsWith('"') ? token : `"${token}"`)))

const bodies = new WeakMap<Answer, { readonly value: unknown }>()

/** An answer's body, parsed once. @throws RetryableError: it is no JSON, as when it was cut off */
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
