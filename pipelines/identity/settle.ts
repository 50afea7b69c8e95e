import { deterministicId } from '../../engine/codec/ids.ts'
import type { BaseRecord } from '../../engine/codec/kind.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import type { Graph } from './graph.ts'
import { IDENTITY_TOPIC, identityEventKind } from './kinds.ts'
import { type Change, changesOf, type Moved } from './model/changes.ts'
import { type Edge, isContact, type Limits } from './model/graph.ts'
import { resolve } from './model/resolve.ts'
import { personLinkKind } from './person-link.ts'
import { identitySettingsOf } from './settings/check.ts'

export function limitsOf(graph: Graph): Limits {
  const { emails_per_person: email, phones_per_person: phone } = identitySettingsOf(graph.settings)
  return { perPerson: { email, phone } }
}

/**
 * Finds anew who is one person among all that have to do with some people, and writes what is different. `gone` are
 * edges that were in force and are no more in the graph.
 */
export function settle(
  graph: Graph,
  people: Iterable<string>,
  gone: readonly Edge[],
  fact: BaseRecord,
  ctx: StageContext,
): void {
  const names = [...graph.connected(people)]
  const persons = names.map(name => graph.person(name))
  const before = new Map(names.map((name, i) => [name, persons[i]!.resolved]))
  const edges = names.flatMap((name, i) => graph.edgesOf(name, persons[i]!))
  const { resolved, standings } = resolve(edges, limitsOf(graph))
  const all = persons.flatMap(({ held }) => held)
  const moved: Moved[] = edges.map((edge, i) => ({ edge, before: all[i]!.standing, after: standings[i]! }))
  for (const edge of gone) moved.push({ edge, before: 'in_force', after: 'gone' })
  for (const change of changesOf(moved, before, resolved))
    tell(change, resolved.get(change.edge.person) ?? change.edge.person, fact, ctx)
  let at = 0
  for (const [i, person] of persons.entries()) {
    const name = names[i]!
    let isChanged = false
    for (const held of person.held) {
      const standing = standings[at++]!
      isChanged ||= held.standing !== standing
      held.standing = standing
    }
    const to = resolved.get(name) ?? name
    if (person.resolved !== to) {
      person.resolved = to
      person.revision++
      link(name, to, person.revision, fact, ctx)
      isChanged = true
    }
    if (isChanged) graph.keepPerson(name, person)
  }
}

/** One change of an edge: to whoever asks why two people are one. */
export function tell(
  { kind, edge, other, reason }: Change,
  resolved_key: string,
  { tenant_id, event_id, event_time, ingest_time }: BaseRecord,
  ctx: StageContext,
): void {
  const { person: person_key, key: key_hash, kind: key_kind, source, evidence } = edge
  ctx.emit(
    IDENTITY_TOPIC,
    identityEventKind,
    {
      tenant_id,
      event_id: deterministicId(tenant_id, event_id, 'identity', kind, person_key, key_hash),
      event_time,
      ingest_time,
      kind,
      person_key,
      other_person_key: other,
      resolved_key,
      key_kind,
      key_hash,
      source,
      evidence,
      reason,
    },
    [tenant_id, person_key],
  )
}

/** Who somebody is taken for now: beside the sessions of the person, who may have some, and for the table. */
function link(
  person_key: string,
  resolved_key: string,
  revision: number,
  { tenant_id, event_time, ingest_time }: BaseRecord,
  ctx: StageContext,
): void {
  const event_id = deterministicId(tenant_id, person_key, 'person link', revision)
  const said = { tenant_id, event_id, event_time, ingest_time, person_key, resolved_key, revision }
  if (!isContact(person_key)) ctx.emit('persons', personLinkKind, said, [tenant_id, person_key])
  ctx.emit(IDENTITY_TOPIC, personLinkKind, said, [tenant_id, person_key])
}
