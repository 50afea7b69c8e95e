import type { EventLog } from '../../log/port.ts'
import type { AvroSchema } from '../kind.ts'
import type { Ask } from './ask.ts'
import { broken } from './compatibility.ts'
import type { Entry, SchemaRegistry, Verdict } from './port.ts'
import { openSchemas, refuseForeign, type Schemas } from './table.ts'
import { incompatible, notRegistered, unknownId } from './trouble.ts'

/** The embedded registry: a compacted topic of the event log, so that it lives and moves with the log. */
export class EmbeddedRegistry implements SchemaRegistry {
  readonly #table: Schemas
  readonly #ask: Ask | undefined
  readonly #asked = new Map<number, AvroSchema>()

  private constructor(table: Schemas, ask?: Ask) {
    this.#table = table
    this.#ask = ask
  }

  /** @throws CONFIG_INVALID: the log's ids are of a registry */
  static async open(log: EventLog): Promise<EmbeddedRegistry> {
    const schemas = await openSchemas(log)
    refuseForeign(schemas)
    return new EmbeddedRegistry(schemas)
  }

  /**
   * One that is forgotten with the process or thread: for work that stores nothing itself. `known`: what another has
   * registered. With `ask`, that is the one who gives ids: he is asked for schemas that are met, and none is
   * registered here (SCHEMA_UNKNOWN).
   */
  static inMemory(known: readonly Entry[] = [], ask?: Ask): EmbeddedRegistry {
    const rows = new Map(known.map(entry => [`${entry.subject}/${entry.version}`, entry]))
    const table: Schemas = {
      rows,
      async change(decide) {
        for (const [key, entry] of decide(rows)) {
          if (entry === null) continue
          if (ask !== undefined) throw notRegistered(entry.subject)
          rows.set(key, entry)
        }
      },
      async refresh() {},
      async follow() {},
    }
    return new EmbeddedRegistry(table, ask)
  }

  follow(signal: AbortSignal): Promise<void> {
    return this.#table.follow(signal)
  }

  /** Every version of every schema. */
  get entries(): readonly Entry[] {
    return [...this.#table.rows.values()]
  }

  async compare(subject: string, schema: AvroSchema): Promise<Verdict> {
    return compared(this.entries, subject, schema)
  }

  async register(subject: string, schema: AvroSchema): Promise<number> {
    let id!: number
    // Decided on all that any process has registered: each id is the next after those that are there.
    await this.#table.change(rows => {
      const entries = [...rows.values()]
      const versions = entries.filter(e => e.subject === subject)
      const verdict = compared(entries, subject, schema)
      if (typeof verdict === 'object') throw incompatible(subject, verdict.incompatible)
      if (verdict === 'same') {
        id = versions.find(e => JSON.stringify(e.schema) === JSON.stringify(schema))!.id
        return []
      }
      // Those of a registry, where this one only goes on for a while, have gaps.
      id = entries.reduce((most, entry) => Math.max(most, entry.id), 0) + 1
      const version = versions.length + 1
      return [[`${subject}/${version}`, { subject, version, id, schema }]]
    })
    return id
  }

  #find(id: number): AvroSchema | undefined {
    return this.entries.find(e => e.id === id)?.schema ?? this.#asked.get(id)
  }

  has(id: number): boolean {
    return this.#find(id) !== undefined
  }

  byId(id: number): AvroSchema {
    const schema = this.#find(id)
    if (!schema) throw unknownId(id)
    return schema
  }

  /** Another process may have registered them a moment ago. */
  async learn(ids: readonly number[]): Promise<void> {
    if (ids.every(id => this.has(id))) return
    await this.#table.refresh()
    const missing = ids.filter(id => !this.has(id))
    if (this.#ask === undefined || missing.length === 0) return
    for (const [id, schema] of await this.#ask(missing)) this.#asked.set(id, schema)
  }

  async subjects() {
    const names = [...new Set(this.entries.map(e => e.subject))]
    return names.map(subject => ({ subject, versions: this.entries.filter(e => e.subject === subject) }))
  }

  async warnings() {
    return []
  }

  async close(): Promise<void> {}
}

function compared(entries: readonly Entry[], subject: string, schema: AvroSchema): Verdict {
  const versions = entries.filter(e => e.subject === subject)
  if (versions.length === 0) return 'new-subject'
  // Also for a schema that is known: an older release that comes back is to read what the newer one has written
  // meanwhile.
  const why = broken(schema, versions)
  if (why) return { incompatible: why }
  const text = JSON.stringify(schema)
  return versions.some(v => JSON.stringify(v.schema) === text) ? 'same' : 'new-version'
}
