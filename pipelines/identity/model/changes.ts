import { byStrength, type Edge, type Out, type Standing } from './graph.ts'
import { Groups } from './groups.ts'

/** An edge, and what became of it. */
export interface Moved {
  readonly edge: Edge
  /** Null: it was not there. */
  readonly before: Standing | null
  readonly after: Standing | 'gone'
}

/** Who people are taken for: left out is who stands for itself. */
export type Resolved = ReadonlyMap<string, string>

export type ChangeKind = 'link' | 'merge' | 'refuse' | 'unlink' | 'unmerge'

/** What became of one edge, and with it of people. */
export interface Change {
  readonly kind: ChangeKind
  readonly edge: Edge
  /** Who else holds the identifier: whom the edge joins to the person, or no longer does. */
  readonly other: string | null
  /** Why it is out, or gone; null: it is in force. */
  readonly reason: Out | 'gone' | null
}

/**
 * What is different, one change an edge at most: as many merges as groups have become one less one, and as many
 * unmerges as a group has become several less one; the edges between them are their evidence. What is taken back comes
 * first.
 */
export function changesOf(edges: readonly Moved[], before: Resolved, after: Resolved): Change[] {
  const keys = new Set(edges.filter(e => e.before !== e.after).map(({ edge }) => edge.key))
  const near = edges
    .filter(({ edge }) => keys.has(edge.key))
    .sort((a, b) => byStrength(a.edge, b.edge))
    .map(e => ({ ...e, was: e.before === 'in_force', is: e.after === 'in_force' }))
  /** Who was one person before and still is. */
  const cellOf = (person: string) => `${before.get(person) ?? person}\0${after.get(person) ?? person}`
  const kept = near.filter(({ was, is }) => was && is)
  const told = (some: typeof near, plain: ChangeKind, joining: ChangeKind): Change[] => {
    const groups = new Groups()
    const firsts = new Map<string, string>()
    for (const { edge } of kept) if (!firsts.has(edge.key)) firsts.set(edge.key, edge.person)
    return some.map(({ edge, after }) => {
      const first = firsts.get(edge.key) ?? null
      if (first === null) firsts.set(edge.key, edge.person)
      const isJoining = first !== null && groups.join(cellOf(first), cellOf(edge.person))
      const reason = after === 'in_force' ? null : after
      return { kind: isJoining ? joining : plain, edge, other: first, reason }
    })
  }
  const lost = told(
    near.filter(({ was, is }) => was && !is),
    'unlink',
    'unmerge',
  )
  const won = told(
    near.filter(({ was, is }) => !was && is),
    'link',
    'merge',
  )
  const refused = near.flatMap(({ edge, before, after }): Change[] => {
    if (before !== null || after === 'in_force' || after === 'gone') return []
    const holder = near.find(other => other.is && other.edge.key === edge.key)
    return [{ kind: 'refuse', edge, other: holder?.edge.person ?? null, reason: after }]
  })
  return [...lost, ...won, ...refused]
}
