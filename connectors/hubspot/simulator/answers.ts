import { randomUUID } from 'node:crypto'
import { DEFAULTS } from './properties.ts'
import type { ObjectType, StoredObject } from './store.ts'

/** An error as HubSpot words it (platforms.md §6.3). */
export class Refused extends Error {
  readonly status: number
  readonly more: Readonly<Record<string, unknown>>
  readonly category: string
  constructor(
    status: number,
    category: string,
    message: string,
    more: Readonly<Record<string, unknown>> = {},
  ) {
    super(message)
    this.status = status
    this.category = category
    this.more = more
  }

  body(): object {
    return {
      status: 'error',
      message: this.message,
      correlationId: randomUUID(),
      category: this.category,
      ...this.more,
    }
  }
}

export const invalid = (message: string): Refused => new Refused(400, 'VALIDATION_ERROR', message)

/** Of a query: clients in Python write `True`. */
export const isTrue = (value: unknown): boolean => String(value).toLowerCase() === 'true'

const iso = (ms: number) => new Date(ms).toISOString()

export interface Shown {
  readonly properties?: readonly string[]
  readonly history?: readonly string[]
  readonly associations?: readonly string[]
}

/** An object as an answer shows it. */
export function shown(object: StoredObject, { properties = [], history = [], associations = [] }: Shown) {
  const names = new Set([...DEFAULTS[object.type], ...properties])
  const other: ObjectType = object.type === 'deals' ? 'contacts' : 'deals'
  const kind = `${object.type.slice(0, -1)}_to_${other.slice(0, -1)}`
  const withHistory = Object.fromEntries(history.map(name => [name, versionsOf(object, name)]))
  const isLinked = associations.includes(other) && object.links.size > 0
  return {
    id: String(object.id),
    properties: Object.fromEntries([...names].sort().map(name => [name, object.properties[name] ?? null])),
    ...(history.length > 0 ? { propertiesWithHistory: withHistory } : {}),
    createdAt: iso(object.createdAt),
    updatedAt: iso(object.updatedAt),
    archived: object.archivedAt !== null,
    ...(object.archivedAt === null ? {} : { archivedAt: iso(object.archivedAt) }),
    // As in life: with and without a label.
    ...(isLinked
      ? {
          associations: {
            [other]: {
              results: [...object.links].flatMap(id => [
                { id: String(id), type: kind },
                { id: String(id), type: `${kind}_unlabeled` },
              ]),
            },
          },
        }
      : {}),
  }
}

const versionsOf = (object: StoredObject, name: string) =>
  (object.history.get(name) ?? []).toReversed().map(({ value, at }) => ({
    value,
    timestamp: iso(at),
    sourceType: 'CRM_UI',
    sourceId: 'userId:1',
    updatedByUserId: 1,
  }))
