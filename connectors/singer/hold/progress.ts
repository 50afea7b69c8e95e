import { parseExact, stringifyExact } from '../messages/exact-json.ts'

/**
 * Does reading on from state `b` differ from reading on from `a`? Taps send states that say nothing new in the
 * middle of a stream which they would begin again from its start: the same one, or one with an empty bookmark.
 */
export function isProgress(a: string | null, b: string): boolean {
  if (a === b || isProvisional(b)) return false
  const [before, after] = [a ?? '{}', b].map(text => stringifyExact(pruned(parseExact(text))))
  return before !== after
}

/** Meltano's SDK marks so what it has seen of a stream that is not sorted: it goes back behind it when it resumes. */
function isProvisional(state: string): boolean {
  return state.includes('"progress_markers"') && holdsMarkers(JSON.parse(state))
}

function holdsMarkers(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(
    ([name, inner]) =>
      (name === 'progress_markers' && Object.keys((inner ?? {}) as object).length > 0) || holdsMarkers(inner),
  )
}

/** Without what is empty. */
function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value)
    .map(([name, inner]) => [name, pruned(inner)] as const)
    .filter(([, inner]) => !isEmpty(inner))
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const isEmpty = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0)
