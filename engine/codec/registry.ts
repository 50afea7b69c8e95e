import avsc from 'avsc'
import { StratumError } from '../errors.ts'
import type { EventLog } from '../log/port.ts'
import { LogTable } from '../log/table.ts'
import type { AvroSchema } from './kind.ts'

/** A schema registry as Confluent's: subjects with versions, ids for schemas, a compatibility rule. */
export interface SchemaRegistry {
  /** Id of the schema under the subject; registers it when new. SCHEMA_INCOMPATIBLE names what breaks. */
  register(subject: string, schema: AvroSchema): Promise<number>
  /** What `register` would do, changing nothing. */
  compare(
    subject: string,
    schema: AvroSchema,
  ): Promise<'same' | 'new-subject' | 'new-version' | { incompatible: string }>
  byId(id: number): AvroSchema
  subjects(): readonly {
    subject: string
    versions: readonly { version: number; id: number; schema: AvroSchema }[]
  }[]
}

export interface Entry {
  readonly subject: string
  readonly version: number
  readonly id: number
  readonly schema: AvroSchema
}

export const SCHEMAS_TOPIC = 'stratum.schemas'

type Entries = Pick<LogTable<Entry>, 'rows' | 'change' | 'follow'>

/** The embedded registry: a compacted topic of the event log, so that it lives and moves with the log. */
export class EmbeddedRegistry implements SchemaRegistry {
  readonly #table: Entries

  private constructor(table: Entries) {
    this.#table = table
  }

  static async open(log: EventLog): Promise<EmbeddedRegistry> {
    return new EmbeddedRegistry(await LogTable.open<Entry>(log, SCHEMAS_TOPIC))
  }

  /** One that is forgotten with the process: for work that stores nothing. `known`: what another has registered. */
  static inMemory(known: readonly Entry[] = []): EmbeddedRegistry {
    const rows = new Map(known.map(entry => [`${entry.subject}/${entry.version}`, entry]))
    return new EmbeddedRegistry({
      rows,
      async change(decide) {
        for (const [key, entry] of decide(rows)) if (entry !== null) rows.set(key, entry)
      },
      async follow() {},
    })
  }

  /** Keeps up with what other processes register, until the signal aborts. */
  follow(signal: AbortSignal): Promise<void> {
    return this.#table.follow(signal)
  }

  /** Every version of every schema. */
  get entries(): readonly Entry[] {
    return [...this.#table.rows.values()]
  }

  async compare(subject: string, schema: AvroSchema) {
    return compared(this.entries, subject, schema)
  }

  async register(subject: string, schema: AvroSchema): Promise<number> {
    let id!: number
    // Decided on all that any process has registered: each id is the next after those that are there.
    await this.#table.change(rows => {
      const entries = [...rows.values()]
      const versions = entries.filter(e => e.subject === subject)
      const verdict = compared(entries, subject, schema)
      if (typeof verdict === 'object')
        throw new StratumError(
          'SCHEMA_INCOMPATIBLE',
          `Schema ${subject} cannot read records already written (${verdict.incompatible}). Give new fields a default, and keep the old ones or their aliases.`,
        )
      if (verdict === 'same') {
        id = versions.find(e => JSON.stringify(e.schema) === JSON.stringify(schema))!.id
        return []
      }
      id = entries.length + 1
      const version = versions.length + 1
      return [[`${subject}/${version}`, { subject, version, id, schema }]]
    })
    return id
  }

  byId(id: number): AvroSchema {
    const entry = this.entries.find(e => e.id === id)
    if (!entry)
      throw new StratumError(
        'SCHEMA_UNKNOWN',
        `No schema has id ${id}: the record was not written through this registry.`,
      )
    return entry.schema
  }

  subjects() {
    const names = [...new Set(this.entries.map(e => e.subject))]
    return names.map(subject => ({ subject, versions: this.entries.filter(e => e.subject === subject) }))
  }
}

/** BACKWARD: a schema must read what every version there is wrote. */
function compared(entries: readonly Entry[], subject: string, schema: AvroSchema) {
  const versions = entries.filter(e => e.subject === subject)
  const text = JSON.stringify(schema)
  if (versions.length === 0) return 'new-subject'
  // Also for a schema that is known: an older release that comes back is to read what the newer one has written
  // meanwhile.
  for (const v of versions) {
    const broken = JSON.stringify(v.schema) === text ? null : incompatibility(schema, v.schema)
    if (broken) return { incompatible: `version ${v.version}: ${broken}` }
  }
  return versions.some(v => JSON.stringify(v.schema) === text) ? 'same' : 'new-version'
}

/** What stops a reader with one schema from reading what the other wrote, or null. */
export function incompatibility(reader: AvroSchema, writer: AvroSchema): string | null {
  try {
    avsc.Type.forSchema(reader).createResolver(avsc.Type.forSchema(writer))
    return null
  } catch (error) {
    return (error as Error).message
  }
}
