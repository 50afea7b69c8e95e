import type { PersonLink } from '../../../pipelines/identity/person-link.ts'
import type { EventFact } from '../../../pipelines/ingest/facts.ts'
import { event, noon, told } from '../facts.ts'
import { Row, type Told, type Written } from '../row.ts'

/** A visit of a person from a source, so many minutes after noon; bought: what it paid, in micros. */
export interface Visit {
  readonly person: string
  readonly at: number
  readonly source: string
  readonly bought?: number
  readonly fields?: Partial<EventFact>
}

/** The events of a visit. */
export function eventsOf({ person, at, source, bought, fields = {} }: Visit): Told[] {
  const id = `${person}.${at}`
  const base = event({
    event_id: id,
    person_key: person,
    session_key: id,
    session_id: String(at),
    session_number: 2,
    event_time: noon(at),
    event_date: new Date(noon(at) / 1000).toISOString().slice(0, 10),
    traffic_source: source,
    traffic_medium: 'referral',
    ...fields,
  })
  if (bought === undefined) return [told.event(base)]
  const purchase = {
    ...base,
    event_id: `${id}-p`,
    event_name: 'purchase',
    event_time: base.event_time + 1,
    value_micros: bought,
    currency: 'EUR',
  }
  return [told.event(base), told.event(purchase)]
}

let links = 0
/** From now on the person is taken for another. */
export const link = (person_key: string, resolved_key: string, more: Partial<PersonLink> = {}): Told => ({
  kind: 'person_link',
  value: {
    tenant_id: 'demo',
    event_id: `link-${++links}`,
    event_time: noon(),
    ingest_time: noon(),
    person_key,
    resolved_key,
    revision: links,
    ...more,
  },
})

const tellAgain = (written: readonly Written[], topic: string): Told[] =>
  written.filter(w => w.topic === topic).map(({ kind, value }) => ({ kind, value }))

/** The three tasks one after the other, each over one partition. */
export class House {
  readonly person: Row
  readonly journey: Row
  readonly attribution: Row

  private constructor(person: Row, journey: Row, attribution: Row) {
    this.person = person
    this.journey = journey
    this.attribution = attribution
  }

  static async open(forgetful = false): Promise<House> {
    return new House(
      await Row.open('person', 'persons', { forgetful }),
      await Row.open('journey', 'touches', { forgetful }),
      await Row.open('attribution', 'credits', { forgetful }),
    )
  }

  feed(...batch: readonly Told[]): void {
    const touches = tellAgain(this.person.feed(...batch), 'touches')
    const credits = tellAgain(touches.length > 0 ? this.journey.feed(...touches) : [], 'credits')
    if (credits.length > 0) this.attribution.feed(...credits)
  }
}

/** The latest row of each key, without those that are gone. */
export function current<R extends { readonly revision: number }>(
  rows: readonly R[],
  key: (row: R) => string,
): Map<string, R> {
  const latest = new Map<string, R>()
  for (const row of rows)
    if ((latest.get(key(row))?.revision ?? -1) <= row.revision) latest.set(key(row), row)
  return latest
}
