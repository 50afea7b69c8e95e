import { byName, byStrength, type Candidate, type Limits, type Standing } from './graph.ts'
import { Groups } from './groups.ts'

export interface Resolution {
  /** Who everybody of the edges is taken for. */
  readonly resolved: ReadonlyMap<string, string>
  /** What became of each edge, in the order they were given. */
  readonly standings: readonly Standing[]
}

/** What is known of a group of people and identifiers. */
interface Known {
  /** External ids in it, by source: one each. */
  readonly ids: ReadonlyMap<string, string>
  /** Different values by kind. */
  readonly counts: Readonly<Record<string, number>>
  readonly name: string | null
}

/**
 * Who is one person, by which edges: the strongest edge first, and of a kind the one seen first. An edge that would put
 * two external ids of a source into one person is in conflict. A value that would give a person too many of its kind,
 * or join two who have too many together, is in quarantine, with all that it had joined. Depends on which edges there
 * are and on nothing else.
 */
export function resolve(edges: readonly Candidate[], limits: Limits): Resolution {
  const places = edges.map((_, i) => i).sort((a, b) => byStrength(edges[a]!, edges[b]!))
  const shared = new Set<string>()
  for (;;) {
    const found = attempt(edges, places, limits, shared)
    if (typeof found !== 'string') return found
    shared.add(found)
  }
}

/** A value that has to go although edges of it were taken: all is looked at again without it. */
function attempt(
  edges: readonly Candidate[],
  places: readonly number[],
  limits: Limits,
  shared: ReadonlySet<string>,
): Resolution | string {
  const groups = new Groups()
  const known = new Map<string, Known>()
  const standings: Standing[] = edges.map(() => 'in_force')
  const taken = new Set<string>()
  const refused = new Set<string>(shared)
  for (const i of places) {
    const edge = edges[i]!
    if (edge.out !== null || refused.has(edge.key)) {
      standings[i] = edge.out ?? 'quarantine'
      continue
    }
    const [person, value] = [groups.of(`p${edge.person}`), groups.of(`v${edge.key}`)]
    if (person === value) continue
    const together = united(known.get(person) ?? personKnown(edge), known.get(value) ?? valueKnown(edge))
    if (together === null) standings[i] = 'conflict'
    else if (Object.entries(limits.perPerson).some(([kind, most]) => (together.counts[kind] ?? 0) > most)) {
      if (taken.has(edge.key)) return edge.key
      refused.add(edge.key)
      standings[i] = 'quarantine'
    } else {
      groups.join(person, value)
      known.set(person, together)
      taken.add(edge.key)
    }
  }
  const resolved = new Map<string, string>()
  for (const { person } of edges) resolved.set(person, known.get(groups.of(`p${person}`))?.name ?? person)
  return { resolved, standings }
}

const personKnown = ({ person }: Candidate): Known => ({ ids: new Map(), counts: {}, name: person })

const valueKnown = ({ kind, source, key }: Candidate): Known => ({
  ids: kind === 'external_id' ? new Map([[source, key]]) : new Map(),
  counts: { [kind]: 1 },
  name: null,
})

/** Null: they have different external ids of one source. */
function united(a: Known, b: Known): Known | null {
  for (const [source, id] of b.ids) if (a.ids.has(source) && a.ids.get(source) !== id) return null
  const counts: Record<string, number> = { ...a.counts }
  for (const kind in b.counts) counts[kind] = (counts[kind] ?? 0) + b.counts[kind]!
  const names = [a.name, b.name].filter(name => name !== null).sort(byName)
  return { ids: new Map([...a.ids, ...b.ids]), counts, name: names[0] ?? null }
}
