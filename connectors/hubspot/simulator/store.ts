import { MODIFIED } from './properties.ts'

export type ObjectType = 'contacts' | 'deals'
export type Properties = Readonly<Record<string, string | null>>

/** A value that a property had from a time on. */
export interface StoredVersion {
  readonly value: string
  /** Epoch milliseconds, as all times here. */
  readonly at: number
}

/** What the search index knows of an object from a time on. */
interface Snapshot {
  readonly at: number
  readonly properties: Properties
  readonly isArchived: boolean
}

export interface StoredObject {
  readonly type: ObjectType
  readonly id: number
  readonly createdAt: number
  properties: Properties
  updatedAt: number
  archivedAt: number | null
  /** Oldest first. */
  readonly history: Map<string, StoredVersion[]>
  /** Ids of the other type. */
  readonly links: Set<number>
  readonly indexed: Snapshot[]
}

/** A change, as webhooks tell it. */
export interface StoreChange {
  readonly object: StoredObject
  readonly what: 'creation' | 'propertyChange' | 'deletion' | 'restore'
  readonly property?: string
  readonly value?: string | null
  readonly at: number
}

const FIRST_ID = 10_001

/** The objects of a simulated account. Writes are read at once; the search index learns of them after its lag. */
export class HubspotStore {
  readonly #objects: Readonly<Record<ObjectType, Map<number, StoredObject>>> = {
    contacts: new Map(),
    deals: new Map(),
  }
  readonly #listeners: ((change: StoreChange) => void)[] = []
  #nextId = FIRST_ID

  onChange(listener: (change: StoreChange) => void): void {
    this.#listeners.push(listener)
  }

  all(type: ObjectType): IterableIterator<StoredObject> {
    return this.#objects[type].values()
  }

  get(type: ObjectType, id: number): StoredObject | undefined {
    return this.#objects[type].get(id)
  }

  create(type: ObjectType, properties: Properties, at: number): StoredObject {
    const object: StoredObject = {
      type,
      id: this.#nextId++,
      createdAt: at,
      properties: {},
      updatedAt: at,
      archivedAt: null,
      history: new Map(),
      links: new Set(),
      indexed: [],
    }
    this.#objects[type].set(object.id, object)
    const own = { hs_object_id: String(object.id), createdate: new Date(at).toISOString() }
    this.#write(object, { ...own, ...properties }, at)
    this.#tell({ object, what: 'creation', at })
    return object
  }

  update(type: ObjectType, id: number, properties: Properties, at: number): StoredObject {
    const object = this.#known(type, id)
    this.#write(object, properties, at)
    for (const [property, value] of Object.entries(properties))
      this.#tell({ object, what: 'propertyChange', property, value, at })
    return object
  }

  archive(type: ObjectType, id: number, at: number): void {
    const object = this.#known(type, id)
    object.archivedAt = at
    this.#index(object, at)
    this.#tell({ object, what: 'deletion', at })
  }

  restore(type: ObjectType, id: number, at: number): void {
    const object = this.#known(type, id)
    object.archivedAt = null
    this.#write(object, {}, at)
    this.#tell({ object, what: 'restore', at })
  }

  /** Associates a deal and a contact. The deal's count of contacts changes with it, and so does its time. */
  associate(dealId: number, contactId: number, at: number): void {
    const [deal, contact] = [this.#known('deals', dealId), this.#known('contacts', contactId)]
    deal.links.add(contactId)
    contact.links.add(dealId)
    this.#write(deal, { num_associated_contacts: String(deal.links.size) }, at)
  }

  /** What a search sees at a time: objects as the index knew them `lagMs` before. */
  *searchable(
    type: ObjectType,
    now: number,
    lagMs: number,
  ): Generator<{ readonly object: StoredObject; readonly properties: Properties }> {
    for (const object of this.#objects[type].values()) {
      const { indexed } = object
      // What is older than the one that is seen will never be seen again.
      while (indexed.length > 1 && indexed[1]!.at <= now - lagMs) indexed.shift()
      const seen = indexed[0]
      if (seen && seen.at <= now - lagMs && !seen.isArchived) yield { object, properties: seen.properties }
    }
  }

  #write(object: StoredObject, properties: Properties, at: number): void {
    object.updatedAt = at
    object.properties = {
      ...object.properties,
      ...properties,
      [MODIFIED[object.type]]: new Date(at).toISOString(),
    }
    for (const [name, value] of Object.entries(properties)) {
      const versions = object.history.get(name) ?? []
      versions.push({ value: value ?? '', at })
      object.history.set(name, versions)
    }
    this.#index(object, at)
  }

  #index(object: StoredObject, at: number): void {
    object.indexed.push({ at, properties: object.properties, isArchived: object.archivedAt !== null })
  }

  #known(type: ObjectType, id: number): StoredObject {
    const object = this.#objects[type].get(id)
    if (!object) throw new RangeError(`there is no ${type} ${id}`)
    return object
  }

  #tell(change: StoreChange): void {
    for (const listener of this.#listeners) listener(change)
  }
}
