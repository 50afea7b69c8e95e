import { byStrength, type Edge, type Out, type Standing } from './graph.ts'
import { Groups } from './groups.ts'

/** Edges and what became of them, and who everybody is taken for: left out is who stands for itself. */
export interface Picture {
  readonly edges: readonly (readonly [edge: Edge, standing: Standing])[]
  readonly resolved: ReadonlyMap<string, string>
}

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
export function changesOf(before: Picture, after: Picture): Change[] {
  /** Who was one person before and still is. */
  const cell = (person: string) =>
    `${before.resolved.get(person) ?? person}\0${after.resolved.get(person) ?? person}`
  const was = inForce(before)
  const is = inForce(after)
  const known = new Set(before.edges.map(([edge]) => nameOf(edge)))
  const standings = new Map(after.edges.map(([edge, standing]) => [nameOf(edge), standing]))
  const lost = told([...was.values()], is, cell, 'unlink', 'unmerge', edge => {
    const standing = standings.get(nameOf(edge))
    return standing === undefined || standing === 'in_force' ? 'gone' : standing
  })
  const won = told([...is.values()], was, cell, 'link', 'merge', () => null)
  const refused = after.edges.flatMap(([edge, standing]): Change[] =>
    standing === 'in_force' || known.has(nameOf(edge))
      ? []
      : [{ kind: 'refuse', edge, other: holderOf(edge, is), reason: standing }],
  )
  return [...lost, ...won, ...refused]
}

const nameOf = ({ person, key }: Edge): string => `${person}\0${key}`

const inForce = ({ edges }: Picture): Map<string, Edge> =>
  new Map(
    edges
      .filter(([, standing]) => standing === 'in_force')
      .map(([edge]) => edge)
      .sort(byStrength)
      .map(edge => [nameOf(edge), edge]),
  )

const holderOf = ({ person, key }: Edge, among: ReadonlyMap<string, Edge>): string | null =>
  [...among.values()].find(edge => edge.key === key && edge.person !== person)?.person ?? null

/** Edges that are in one picture alone: told from a holder of the same identifier who is in both, if there is one. */
function told(
  edges: readonly Edge[],
  others: ReadonlyMap<string, Edge>,
  cell: (person: string) => string,
  plain: ChangeKind,
  joining: ChangeKind,
  reasonOf: (edge: Edge) => Out | 'gone' | null,
): Change[] {
  const groups = new Groups()
  const firsts = new Map<string, string>()
  for (const edge of edges)
    if (others.has(nameOf(edge)) && !firsts.has(edge.key)) firsts.set(edge.key, edge.person)
  const changes: Change[] = []
  for (const edge of edges) {
    if (others.has(nameOf(edge))) continue
    const first = firsts.get(edge.key)
    if (first === undefined) firsts.set(edge.key, edge.person)
    const isJoining = first !== undefined && groups.join(cell(first), cell(edge.person))
    changes.push({ kind: isJoining ? joining : plain, edge, other: first ?? null, reason: reasonOf(edge) })
  }
  return changes
}
