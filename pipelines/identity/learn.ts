import type { BaseRecord } from '../../engine/codec/kind.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import {
  edgeOf,
  forgetCut,
  type Graph,
  type Held,
  MOST_CONNECTED,
  MOST_HELD,
  type Person,
  rememberCut,
  type Value,
} from './graph.ts'
import type { Identifier } from './identifiers.ts'
import type { Edge } from './model/graph.ts'
import { identitySettingsOf } from './settings/check.ts'
import { settle, tell } from './settle.ts'

/** A fact that says who somebody is. */
export interface Saying extends BaseRecord {
  readonly source: string
  /** From when on; UTC microseconds. */
  readonly at: number
}

/** Whether everything that is said of a person was known, and since then at the latest: so it is with most events. */
export function isKnown(person: Person | undefined, said: readonly Identifier[], saying: Saying): boolean {
  if (person === undefined) return false
  return said.every(({ key }) => {
    const held = person.held.find(h => h.key === key)
    // Of a person with more than are kept, others are passed over.
    return held ? !isEarlier(saying, held) : person.full
  })
}

/** Of two facts that say the same, the earlier one is the evidence, whichever came first. */
const isEarlier = ({ at, event_id }: Saying, held: Held): boolean =>
  at < held.at || (at === held.at && event_id < held.evidence)

/** What went before something is learnt: edges that were in force, and whom that concerns. */
interface Left {
  readonly gone: readonly Edge[]
  readonly left: ReadonlySet<string>
}
const NOTHING_LEFT: Left = { gone: [], left: new Set() }

/** Takes in what is said of a person, and joins them to whom that makes the same. */
export function learn(
  graph: Graph,
  name: string,
  said: readonly Identifier[],
  saying: Saying,
  ctx: StageContext,
  { gone, left }: Left = NOTHING_LEFT,
): void {
  const person = graph.person(name)
  const fresh: Held[] = []
  const joined = new Set(left)
  for (const { key, kind } of said) {
    const { source, at, event_id: evidence } = saying
    const held = person.held.find(h => h.key === key)
    if (held) {
      if (isEarlier(saying, held)) {
        person.held[person.held.indexOf(held)] = { ...held, source, at, evidence }
        // Its place among others is another; where there are none, it has none.
        if (!isLoneClick(graph, held)) joined.add(name)
      }
      continue
    }
    if (person.held.length >= MOST_HELD && !makeRoom(graph, name, person)) {
      person.full = true
      continue
    }
    const edge: Held = { key, kind, source, at, evidence, standing: null, cut: forgetCut(person, key) }
    person.held.push(edge)
    fresh.push(edge)
    for (const other of hold(graph, edge, name)) joined.add(other)
  }
  graph.keepPerson(name, person)
  if (joined.size === 0 && fresh.every(edge => !edge.cut && isLoneClick(graph, edge)))
    return linkAlone(graph, name, person, fresh, saying, ctx)
  closeWhatIsTooWide(graph, name, fresh)
  settle(graph, [name, ...joined], gone, saying, ctx)
}

/** Somebody holds a value: who else does whom that concerns. */
function hold(graph: Graph, { key, kind }: Held, name: string): readonly string[] {
  const value: Value = graph.value(key) ?? { holders: [], blocked: false, shared: false }
  const others = [...value.holders]
  if (value.shared || value.holders.includes(name)) return []
  if (others.length >= identitySettingsOf(graph.settings).people[kind]) value.shared = true
  else value.holders.push(name)
  graph.keepValue(key, value)
  return others
}

/** A click that one person made joins nobody and is no limit: there is nothing to find out. */
function isLoneClick(graph: Graph, { key, kind }: Held): boolean {
  const value = graph.value(key)
  return kind === 'click_id' && value !== null && !value.blocked && !value.shared && value.holders.length < 2
}

function linkAlone(
  graph: Graph,
  name: string,
  person: Person,
  fresh: readonly Held[],
  saying: Saying,
  ctx: StageContext,
): void {
  for (const held of fresh) {
    held.standing = 'in_force'
    tell({ kind: 'link', edge: edgeOf(name, held), other: null, reason: null }, person.resolved, saying, ctx)
  }
  graph.keepPerson(name, person)
}

/** Lets go of the oldest click that joins nobody; false: there is none. */
function makeRoom(graph: Graph, name: string, person: Person): boolean {
  const lone = person.held.filter(held => held.standing !== null && !held.cut && isLoneClick(graph, held))
  const [oldest] = lone.sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1))
  if (oldest === undefined) return false
  person.held.splice(person.held.indexOf(oldest), 1)
  release(graph, oldest, name)
  return true
}

/** Somebody no longer holds a value; who else does. */
function release(graph: Graph, { key }: Held, name: string): readonly string[] {
  const value = graph.value(key)
  if (value === null) return []
  value.holders = value.holders.filter(holder => holder !== name)
  graph.keepValue(key, value)
  return value.holders
}

/** New values that would connect more people than are looked at together are in quarantine. */
function closeWhatIsTooWide(graph: Graph, name: string, fresh: readonly Held[]): void {
  if (graph.connected([name], MOST_CONNECTED).size <= MOST_CONNECTED) return
  for (const { key, cut } of fresh) {
    if (cut) continue
    const value = graph.value(key)
    if (value === null || value.holders.length < 2) continue
    value.shared = true
    graph.keepValue(key, value)
  }
}

/** Takes in all that is in force of a person: what is not said any more is taken back. */
export function replace(
  graph: Graph,
  name: string,
  said: readonly Identifier[],
  saying: Saying,
  ctx: StageContext,
): void {
  const person = graph.person(name)
  const gone: Edge[] = []
  const left = new Set<string>()
  for (const held of person.held.filter(h => !said.some(({ key }) => key === h.key))) {
    person.held.splice(person.held.indexOf(held), 1)
    if (held.cut) rememberCut(person, held.key)
    for (const other of release(graph, held, name)) left.add(other)
    if (held.standing === 'in_force') gone.push(edgeOf(name, held))
  }
  for (const [i, held] of person.held.entries()) {
    const { source, at, event_id: evidence } = saying
    if (held.at !== at) left.add(name)
    person.held[i] = { ...held, source, at, evidence }
  }
  if (gone.length > 0) left.add(name)
  person.full = false
  graph.keepPerson(name, person)
  learn(graph, name, said, saying, ctx, { gone, left })
}
