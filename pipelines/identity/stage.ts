import type { Command } from '../../engine/command/command.ts'
import { stage } from '../../engine/stage/stage.ts'
import type { ContactRecord } from '../../plugins/records/contact.ts'
import { supersede } from '../current/model.ts'
import type { Fact } from '../current/said.ts'
import type { EventFact } from '../ingest/facts.ts'
import type { SettingsChanged } from '../settings/kinds.ts'
import { carryOut } from './commands.ts'
import { type Cell, Graph, personKeyOf, settingsKeyOf } from './graph.ts'
import { identifiersOfContact, identifiersOfEvent, isIdentifying } from './identifiers.ts'
import { isKnown, learn, replace, type Saying } from './learn.ts'
import { contactKey } from './model/graph.ts'
import { IDENTITY_SETTINGS } from './settings/subject.ts'

/**
 * Who is one person: people of the site and contacts of CRMs, joined by the identifiers they share. Each state is of a
 * person or of a value, and knows its neighbours; a fact that says something new goes through those that are connected,
 * any other looks at the state of its own person alone.
 */
export const identity = stage({
  name: 'identity',
  version: 1,
  key(r: EventFact | Fact<ContactRecord> | Command | SettingsChanged) {
    if ('event_name' in r) return isIdentifying(r) ? personKeyOf(r.tenant_id, r.person_key!) : null
    if ('contact_id' in r) return personKeyOf(r.tenant_id, contactKey(r.source, r.contact_id))
    return settingsKeyOf(r.tenant_id)
  },
  state: { version: 1, empty: (): Cell => ({}) },
  reads: {
    event: [
      'tenant_id',
      'event_id',
      'event_time',
      'ingest_time',
      'source',
      'event_name',
      'person_key',
      'user_key',
      'email_key',
      'phone_key',
      'click_ids',
      'params',
    ],
  },
  on: {
    event(state: Cell | undefined, event: EventFact, ctx) {
      if (state === undefined) return
      ctx.unchanged()
      const said = identifiersOfEvent(event)
      const saying = sayingOf(event, event.event_time)
      if (isKnown(state.person, said, saying)) return
      learn(new Graph(event.tenant_id, ctx), event.person_key!, said, saying, ctx)
    },
    contact(_: Cell, contact: Fact<ContactRecord>, ctx) {
      ctx.unchanged()
      const graph = new Graph(contact.tenant_id, ctx)
      const name = contactKey(contact.source, contact.contact_id)
      const said = identifiersOfContact(contact)
      const person = graph.person(name)
      const { updated_at: as_of, ingest_time, event_id, created_at } = contact
      const { as_of: before, event_id: last } = person.said
      supersede(person.said, { as_of, ingest_time, event_id, content: '' })
      if (person.said.as_of === before && person.said.event_id === last) return
      graph.keepPerson(name, person)
      replace(graph, name, said, sayingOf(contact, created_at ?? as_of), ctx)
    },
    settings_changed(state: Cell, { subject, text }: SettingsChanged, ctx) {
      if (subject === IDENTITY_SETTINGS) state.settings = text
      else ctx.unchanged()
    },
    command(_: Cell, command: Command, ctx) {
      ctx.unchanged()
      carryOut(command, ctx)
    },
  },
})

const sayingOf = (
  { tenant_id, event_id, event_time, ingest_time, source }: EventFact | Fact<ContactRecord>,
  at: number,
): Saying => ({ tenant_id, event_id, event_time, ingest_time, source, at })
