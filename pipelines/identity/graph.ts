import type { StageContext } from '../../engine/stage/stage.ts'
import { type InForce, nothingSaid } from '../current/model.ts'
import type { Candidate, Edge, Out, Standing } from './model/graph.ts'

/** Identifiers kept of one person. */
export const MOST_HELD = 100
/** People that values connect, whether they are one person or not: with one more, the value is in quarantine. */
export const MOST_CONNECTED = 250

/** An edge, as its person keeps it. */
export interface Held extends Omit<Edge, 'person'> {
  /** Null: it was only just learnt. */
  standing: Standing | null
  /** A person has taken it out. */
  cut: boolean
}

export interface Person {
  held: Held[]
  resolved: string
  /** Of who it is taken for. */
  revision: number
  /** More identifiers came than are kept. */
  full: boolean
  /** Values that somebody has taken out of it and that it does not hold now, the latest MOST_HELD: they may come again. */
  cut?: string[]
  /** Of a contact: the saying that is in force. */
  said: InForce
}

export interface Value {
  /** At most as many as the limit of its kind. */
  holders: string[]
  /** A person has taken it out. */
  blocked: boolean
  /** More people hold it than one person can be: it joins nobody any more. */
  shared: boolean
}

/** A state of the stage: of a person, of a value, or a tenant's settings. */
export interface Cell {
  person?: Person
  value?: Value
  settings?: string
}

export const personKeyOf = (tenant: string, person: string) => [tenant, 'person', person]
export const valueKeyOf = (tenant: string, key: string) => [tenant, 'value', key]
export const settingsKeyOf = (tenant: string) => [tenant, 'settings']

/** The graph of a tenant, as it lies in the states of people and values: each knows its neighbours. */
export class Graph {
  readonly tenant: string
  readonly #ctx: StageContext

  constructor(tenant: string, ctx: StageContext) {
    this.tenant = tenant
    this.#ctx = ctx
  }

  /** JSON. */
  get settings(): string {
    return this.#ctx.other<Cell>(settingsKeyOf(this.tenant)).settings ?? '{}'
  }

  person(name: string): Person {
    const cell = this.#ctx.other<Cell>(personKeyOf(this.tenant, name))
    return cell.person ?? { held: [], resolved: name, revision: 0, full: false, said: nothingSaid() }
  }

  keepPerson(name: string, person: Person): void {
    this.#ctx.other<Cell>(personKeyOf(this.tenant, name)).person = person
    this.#ctx.otherChanged(personKeyOf(this.tenant, name))
  }

  /** Null: nobody holds it, and nobody has blocked it. */
  value(key: string): Value | null {
    return this.#ctx.other<Cell>(valueKeyOf(this.tenant, key)).value ?? null
  }

  keepValue(key: string, value: Value): void {
    const at = valueKeyOf(this.tenant, key)
    if (value.holders.length === 0 && !value.blocked && !value.shared) return this.#ctx.forgetOther(at)
    this.#ctx.other<Cell>(at).value = value
    this.#ctx.otherChanged(at)
  }

  /** Everybody whom values that are not out connect with these people, themselves included; about `most` of them. */
  connected(people: Iterable<string>, most = Number.POSITIVE_INFINITY): Set<string> {
    const found = new Set(people)
    const passed = new Set<string>()
    // A set gives what is added while it is gone through.
    for (const name of found) {
      if (found.size > most) break
      for (const held of this.person(name).held) {
        if (held.cut || passed.has(held.key)) continue
        passed.add(held.key)
        const value = this.value(held.key)
        if (value !== null && outOf(held, value) === null)
          for (const holder of value.holders) found.add(holder)
      }
    }
    return found
  }

  edgesOf(name: string, { held }: Person): Candidate[] {
    return held.map(h => ({ ...edgeOf(name, h), out: outOf(h, this.value(h.key)) }))
  }
}

/** Keeps that somebody has taken a value out, for the time that the person does not hold it. In place. */
export function rememberCut(person: Person, key: string): void {
  person.cut = [...(person.cut ?? []), key].slice(-MOST_HELD)
}

/** Whether somebody had taken a value out, which is kept no longer beside the person. In place. */
export function forgetCut(person: Person, key: string): boolean {
  const left = person.cut?.filter(other => other !== key) ?? []
  const isCut = left.length < (person.cut?.length ?? 0)
  if (left.length > 0) person.cut = left
  else delete person.cut
  return isCut
}

/** Why an edge is out whatever the others say. */
const outOf = (held: Held, value: Value | null): Out | null =>
  held.cut ? 'cut' : value?.blocked ? 'block' : value?.shared ? 'quarantine' : null

export const edgeOf = (person: string, { key, kind, source, at, evidence }: Held): Edge => ({
  person,
  key,
  kind,
  source,
  at,
  evidence,
})
