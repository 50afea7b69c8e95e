import { isNode, parseDocument, visit } from 'yaml'
import { messageOf } from '../../engine/errors.ts'
import type { Wrong } from './model/wrong.ts'

/** Files of people are a page or two: what is nested deeper, or says more, is none of theirs. */
const MOST_DEPTH = 24
const MOST_VALUES = 100_000
/** Aliases that multiply themselves are a bomb. */
const MOST_ALIASES = 10

/** What a text in YAML or JSON says, or why it cannot be read. Nothing in it can reach anything but itself. */
export function documentOf(text: string): { readonly value: unknown } | { readonly wrong: Wrong } {
  const no = (reason: string) => ({ wrong: { path: '', reason } })
  try {
    const document = parseDocument(text, { prettyErrors: false, logLevel: 'error' })
    const [error] = document.errors
    if (error && /call stack/.test(error.message)) return no('is nested too deeply to be read')
    if (error) return no(`line ${text.slice(0, error.pos[0]).split('\n').length}: ${error.message}`)
    let odd: string | null = null
    visit(document, {
      Pair: (_, { key }) => {
        if (isNode(key) && !('value' in key)) odd = 'a key that is a list or an object'
      },
    })
    if (odd !== null) return no(`has ${odd}`)
    const value = document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown
    const wrong = shapeOf(value)
    return wrong === null ? { value } : { wrong }
  } catch (cause) {
    return no(
      cause instanceof RangeError ? 'is nested too deeply to be read' : `cannot be read: ${messageOf(cause)}`,
    )
  }
}

function shapeOf(root: unknown): Wrong | null {
  const left: { readonly value: unknown; readonly path: string; readonly depth: number }[] = [
    { value: root, path: '', depth: 0 },
  ]
  let seen = 0
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    const { value, path, depth } = one
    if (++seen > MOST_VALUES) return { path: '', reason: `says more than ${MOST_VALUES} things` }
    if (typeof value !== 'object' || value === null) continue
    if (depth >= MOST_DEPTH)
      return { path: path.slice(0, 80), reason: `is nested deeper than ${MOST_DEPTH} levels` }
    if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype)
      return { path, reason: 'is neither a text, a number, a list nor an object' }
    for (const [name, inner] of Object.entries(value)) {
      if (name === '__proto__')
        return { path: `${path}/${name}`, reason: 'is no name that anything may have' }
      left.push({ value: inner, path: `${path}/${name}`, depth: depth + 1 })
    }
  }
  return null
}
