import fc from 'fast-check'
import {
  type Candidate,
  contactKey,
  KEY_KINDS,
  type KeyKind,
} from '../../../pipelines/identity/model/graph.ts'

/** An edge of a person to a value of a kind: `e1`, of the source `shop`. */
export const edge = (
  person: string,
  kind: KeyKind,
  value: string | number,
  at = 0,
  more: Partial<Candidate> = {},
): Candidate => ({
  person,
  key: `${kind} ${value}`,
  kind,
  source: 'shop',
  at,
  evidence: `${person} ${kind} ${value}`,
  out: null,
  ...more,
})

export const people = ['a', 'b', 'c', 'd', 'e', 'f', contactKey('crm', '1'), contactKey('crm', '2')]

/** Edges of eight people to a few values, no two of them the same. */
export const edges = (kinds: readonly KeyKind[] = KEY_KINDS): fc.Arbitrary<Candidate[]> =>
  fc.uniqueArray(
    fc
      .record({
        person: fc.constantFrom(...people),
        kind: fc.constantFrom(...kinds),
        value: fc.nat(3),
        at: fc.nat(5),
        out: fc.constantFrom(...([null, null, null, null, null, 'cut'] as const)),
      })
      .map(({ person, kind, value, at, out }) => edge(person, kind, value, at, { out })),
    { selector: ({ person, key }) => `${person} ${key}`, maxLength: 25 },
  )

/** Who is connected with whom by some edges, found by going from neighbour to neighbour until nothing is new. */
export function connected(edges: readonly { readonly person: string; readonly key: string }[]): string[][] {
  const label = new Map(edges.map(({ person }) => [person, person]))
  for (let isDone = false; !isDone; ) {
    isDone = true
    for (const a of edges)
      for (const b of edges) {
        if (a.key !== b.key) continue
        const [from, to] = [label.get(a.person)!, label.get(b.person)!]
        if (from === to) continue
        for (const [person, at] of label) if (at === to) label.set(person, from)
        isDone = false
      }
  }
  return groupsOf(label)
}

/** People by who they are taken for. */
export function groupsOf(resolved: ReadonlyMap<string, string>): string[][] {
  const groups = new Map<string, string[]>()
  for (const [person, name] of resolved) groups.set(name, [...(groups.get(name) ?? []), person])
  return [...groups.values()].map(group => group.sort()).sort((a, b) => (a[0]! < b[0]! ? -1 : 1))
}
