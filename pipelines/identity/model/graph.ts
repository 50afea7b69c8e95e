/** What people are known by, the strongest first (product.md §4.10). */
export const KEY_KINDS = ['external_id', 'click_id', 'email', 'phone'] as const
export type KeyKind = (typeof KEY_KINDS)[number]

/** That a person was seen with an identifier. */
export interface Edge {
  readonly person: string
  /** Stands for the identifier; never the identifier itself. */
  readonly key: string
  readonly kind: KeyKind
  /** Connector; an external id is unique in its own only. */
  readonly source: string
  /** When they were first seen together; UTC microseconds. */
  readonly at: number
  /** Id of the fact that says so. */
  readonly evidence: string
}

/** Why an edge joins nobody. */
export type Out = 'conflict' | 'quarantine' | 'block' | 'cut'
export type Standing = 'in_force' | Out

/** An edge, and what keeps it out whatever the others say. */
export interface Candidate extends Edge {
  readonly out: Out | null
}

export interface Limits {
  /** Different values that one person may have, by kind; with one more, the value that brings it is in quarantine. */
  readonly perPerson: Readonly<Partial<Record<KeyKind, number>>>
}

/** Stands before the names of people whom only a CRM knows. */
const CONTACT = 'contact:'
export const contactKey = (source: string, id: string): string => `${CONTACT}${source}:${id}`
export const isContact = (person: string): boolean => person.startsWith(CONTACT)

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Whose name a group goes by comes first: people of the site before those of CRMs, then by their keys. */
export const byName = (a: string, b: string): number =>
  Number(isContact(a)) - Number(isContact(b)) || order(a, b)

/** Strong kinds first, then what was seen first; never by when it arrived. */
export const byStrength = (a: Edge, b: Edge): number =>
  KEY_KINDS.indexOf(a.kind) - KEY_KINDS.indexOf(b.kind) ||
  a.at - b.at ||
  order(a.key, b.key) ||
  order(a.person, b.person)
