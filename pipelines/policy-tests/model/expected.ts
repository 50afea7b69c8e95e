import { didYouMean } from '../../../engine/config/suggest.ts'
import { CHECKS } from '../../autopilot/model/decide.ts'
import { MODES } from '../../autopilot/model/enforcement/violation.ts'
import { isTree, type Tree } from '../../tree.ts'
import { ACTION_TYPES } from '../../trust/model/actions.ts'
import { CAPS, GATES, OUTCOMES, STATUSES, VIOLATION_NAMES } from './names.ts'
import type { Wrong } from './wrong.ts'

/** `none`: a rule proposes nothing. Else what is expected, by field. */
export type Expected = 'none' | Tree

interface Field {
  readonly is: 'word' | 'list' | 'number' | 'truth'
  readonly words?: readonly string[]
  /** That there is none can be expected: `none` or null. */
  readonly orNone?: boolean
}

const FIELDS: Readonly<Record<string, Field>> = {
  proposal: { is: 'word', words: [...ACTION_TYPES, 'NO_CURRENT_VALUE'], orNone: true },
  to: { is: 'number', orNone: true },
  gate: { is: 'word', words: GATES },
  raw: { is: 'word', words: GATES },
  caps: { is: 'list', words: CAPS },
  score: { is: 'number', orNone: true },
  status: { is: 'word', words: STATUSES },
  effective_status: { is: 'word', words: STATUSES },
  violations: { is: 'list', words: VIOLATION_NAMES },
  mode: { is: 'word', words: MODES, orNone: true },
  enforcement: { is: 'word', words: MODES, orNone: true },
  requires_confirmation: { is: 'truth' },
  allowed: { is: 'truth' },
  outcome: { is: 'word', words: OUTCOMES },
  causes: { is: 'list', words: CHECKS },
}
const NAMES = Object.keys(FIELDS)

/**
 * What one cell of a case expects, checked. In a matrix each cell may have its own: a list of as many as there are cells.
 * @param cell which of them, and of how many; null: there is no matrix
 */
export function expectedOf(
  value: unknown,
  {
    isRule,
    isCommand,
    cell,
  }: {
    readonly isRule: boolean
    readonly isCommand: boolean
    readonly cell: { readonly at: number; readonly of: number } | null
  },
  path: string,
): { readonly expected: Expected } | { readonly wrong: readonly Wrong[] } {
  if (value === 'none' && isRule) return { expected: 'none' }
  if (value === 'none')
    return {
      wrong: [{ path, reason: 'none is for tests of rules: say { outcome: … } or { allowed: false }' }],
    }
  if (!isTree(value) || Object.keys(value).length === 0)
    return {
      wrong: [
        { path, reason: `names what is expected, such as { gate: PASS }; there are: ${NAMES.join(', ')}` },
      ],
    }
  const wrong: Wrong[] = []
  const expected: Record<string, unknown> = {}
  for (const [name, said] of Object.entries(value)) {
    const at = `${path}/${name}`
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined
    if (field === undefined) {
      wrong.push({
        path: at,
        reason: `is nothing that can be expected${didYouMean(name, NAMES)}; there are: ${NAMES.join(', ')}`,
      })
      continue
    }
    if (isCommand && name !== 'allowed') {
      wrong.push({
        path: at,
        reason: 'is nothing that a command has: expect { allowed: true } or { allowed: false }',
      })
      continue
    }
    const own = cell === null ? said : ofCell(said, field, cell)
    const reason =
      own === undefined
        ? `has ${(said as unknown[]).length} values for ${cell!.of} cells of the matrix`
        : wrongIn(own, field)
    if (reason !== null) wrong.push({ path: at, reason })
    else expected[name] = own
  }
  return wrong.length > 0 ? { wrong } : { expected }
}

/** Undefined: there are too few or too many. */
function ofCell(
  said: unknown,
  { is }: Field,
  { at, of }: { readonly at: number; readonly of: number },
): unknown {
  const isByCell = Array.isArray(said) && (is !== 'list' || said.some(one => Array.isArray(one)))
  if (!isByCell) return said
  return said.length === of ? (said[at] ?? null) : undefined
}

function wrongIn(value: unknown, { is, words = [], orNone }: Field): string | null {
  if (orNone && (value === null || value === 'none')) return null
  if (is === 'truth') return typeof value === 'boolean' ? null : `is true or false, got ${shown(value)}`
  if (is === 'number') return Number.isFinite(value) ? null : `is a number, got ${shown(value)}`
  if (is === 'list') {
    if (!Array.isArray(value)) return `is a list, whole: [${words[0]}] or []; got ${shown(value)}`
    const odd = value.find(one => !words.includes(one as string))
    return odd === undefined ? null : unknown(odd, words)
  }
  return words.includes(value as string) ? null : unknown(value, [...words, ...(orNone ? ['none'] : [])])
}

const unknown = (value: unknown, words: readonly string[]): string =>
  `${shown(value)} is none of ${words.join(', ')}${typeof value === 'string' ? didYouMean(value, words) : ''}`

export const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 80)
