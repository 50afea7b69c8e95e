import { StratumError } from '../../errors.ts'
import type { EventLog } from '../../log/port.ts'
import type { AvroSchema } from '../kind.ts'
import { type Kept, type Place, RegistryApi } from './api.ts'
import { broken, sameBytes } from './compatibility.ts'
import { type RegistryConnection, subjectsOf } from './connection.ts'
import { FetchedSchemas } from './fetched.ts'
import { avroOf, isNone } from './kept.ts'
import { looseLevels, setLevel } from './levels.ts'
import type { Entry, SchemaRegistry, Verdict, Version } from './port.ts'
import { openSchemas, SCHEMAS_TOPIC, type Schemas } from './table.ts'
import { incompatible, unknownId } from './trouble.ts'

const rowOf = (id: number) => `registry/${id}`

/**
 * A registry that speaks Confluent's HTTP API: its ids are those in the records. Subjects are named by the kind
 * (Confluent's RecordNameStrategy without the namespace, since a topic has several kinds), behind the context and
 * prefix of the settings. They get the compatibility BACKWARD_TRANSITIVE when they are created.
 *
 * What our own processes register is also written down in the log, so that its records can be read while the registry
 * is away, and so that another registry, or one that has lost its schemas, is not taken for the one it was.
 */
export class ConfluentRegistry implements SchemaRegistry {
  readonly #api: RegistryApi
  readonly #table: Schemas
  readonly #names: ReturnType<typeof subjectsOf>
  readonly #fetched: FetchedSchemas
  /** By subject and version: they do not change. */
  readonly #versions = new Map<string, Kept & Place>()
  /** What this process has registered, as it wrote it. */
  readonly #own = new Map<number, Entry>()
  readonly #warnings = new Set<string>()
  #inherited: Promise<void> | null = null

  private constructor(connection: RegistryConnection, table: Schemas) {
    this.#names = subjectsOf(connection)
    this.#api = new RegistryApi(connection, this.#names.context)
    this.#table = table
    this.#fetched = new FetchedSchemas(this.#api, connection.lagMs ?? 1000)
  }

  /**
   * Asks nothing of the registry yet.
   * @throws CONFIG_INVALID: a URL that is none
   */
  static async open(log: EventLog, connection: RegistryConnection): Promise<ConfluentRegistry> {
    return new ConfluentRegistry(connection, await openSchemas(log))
  }

  get entries(): readonly Entry[] {
    return [...[...this.#table.rows.values()].filter(row => !this.#own.has(row.id)), ...this.#own.values()]
  }

  async compare(subject: string, schema: AvroSchema): Promise<Verdict> {
    return (await this.#judge(subject, schema)).verdict
  }

  async register(subject: string, schema: AvroSchema): Promise<number> {
    const name = this.#names.of(subject)
    const { verdict, place } = await this.#judge(subject, schema)
    if (typeof verdict === 'object') throw incompatible(subject, verdict.incompatible)
    if (place !== null) return this.#keep(subject, schema, place)
    if (verdict === 'new-subject') {
      // Before its first schema, so that nothing slips past the rule.
      const refused = await setLevel(this.#api, name)
      if (refused !== null) this.#warnings.add(refused)
    }
    const text = JSON.stringify(schema)
    const id = await this.#api.register(name, text)
    if (typeof id === 'object') throw incompatible(subject, id.incompatible)
    const made = await this.#api.lookUp(name, text)
    return this.#keep(subject, schema, { id, version: typeof made === 'object' ? made.version : 0 })
  }

  /** By our own rule first, whatever the registry's is. */
  async #judge(subject: string, schema: AvroSchema): Promise<{ verdict: Verdict; place: Place | null }> {
    await this.#settleInherited()
    const name = this.#names.of(subject)
    const text = JSON.stringify(schema)
    const found = await this.#api.lookUp(name, text)
    if (found === 'no subject') return { verdict: 'new-subject', place: null }
    // Also for a schema that is known: an older release that comes back is to read what the newer one has written.
    const why = broken(schema, await this.#written(name))
    if (why) return { verdict: { incompatible: why }, place: null }
    if (found !== 'no schema') return { verdict: 'same', place: found }
    const refusal = await this.#api.incompatibility(name, text)
    return { verdict: refusal === null ? 'new-version' : { incompatible: refusal }, place: null }
  }

  async #written(name: string): Promise<Version[]> {
    const versions = await Promise.all(
      (await this.#api.versions(name)).map(async version => {
        const key = `${name}/${version}`
        const kept = this.#versions.get(key) ?? (await this.#api.version(name, version))
        if (kept === null) return []
        this.#versions.set(key, kept)
        const schema = avroOf(kept)
        return isNone(schema) ? [] : [{ version, id: kept.id, schema }]
      }),
    )
    return versions.flat()
  }

  /** Writes an id of ours down. */
  async #keep(subject: string, schema: AvroSchema, { id, version }: Place): Promise<number> {
    const text = JSON.stringify(schema)
    await this.#table.change(rows => {
      const there = rows.get(rowOf(id))
      if (there && sameBytes(there.schema, schema)) return []
      if (there)
        throw new StratumError(
          'CONFIG_INVALID',
          `registry.url: this registry gives id ${id} to ${subject}, and records of this log have it for another schema (${there.subject}): it is another registry, or it has lost its schemas. Set the one that the log was written with, or import the schemas of ${SCHEMAS_TOPIC} under their ids.`,
        )
      const before = [...rows.values()].find(r => r.of === 'registry' && JSON.stringify(r.schema) === text)
      if (before)
        this.#warnings.add(
          `Schema registry: ${subject} had id ${before.id} and has ${id} now: it is another registry, or schemas were deleted there. Others may no longer read earlier records.`,
        )
      return [[rowOf(id), { subject, version, id, schema, of: 'registry' }]]
    })
    // The registry may know it by other words (keys in another order), and so may the log.
    this.#own.set(id, { subject, version, id, schema })
    return id
  }

  /** Records of the embedded registry can be read on only where this one has their schemas under the same ids. */
  #settleInherited(): Promise<void> {
    this.#inherited ??= this.#checkInherited().catch(error => {
      this.#inherited = null
      throw error
    })
    return this.#inherited
  }

  async #checkInherited(): Promise<void> {
    const own = [...this.#table.rows.values()].filter(row => row.of !== 'registry')
    await Promise.all(
      own.map(async ({ subject, id, schema }) => {
        const kept = await this.#api.byId(id)
        const there = kept && avroOf(kept)
        if (there === null || isNone(there) || !sameBytes(schema, there))
          throw new StratumError(
            'CONFIG_INVALID',
            `registry.url: this log was written with the embedded schema registry, and id ${id} (${subject}) is none or another schema in this one. Leave registry.url out, begin a new log, or import the schemas of ${SCHEMAS_TOPIC} under their ids first.`,
          )
      }),
    )
  }

  has(id: number): boolean {
    return this.#known(id) !== undefined
  }

  #known(id: number): AvroSchema | undefined {
    return this.#table.rows.get(rowOf(id))?.schema ?? this.#fetched.get(id)
  }

  byId(id: number): AvroSchema {
    const schema = this.#known(id)
    if (schema === undefined) throw unknownId(id, this.#fetched.why(id))
    return schema
  }

  async learn(ids: readonly number[]): Promise<void> {
    const missing = () => ids.filter(id => !this.has(id) && !this.#fetched.isAbsent(id))
    if (missing().length === 0) return
    // What our own processes write they have written down before.
    await this.#table.refresh()
    if (missing().length === 0) return
    await this.#settleInherited()
    await Promise.all(missing().map(id => this.#fetched.fetch(id)))
  }

  async subjects() {
    const names = await this.#api.subjects(this.#names.before)
    const subjectOf = async (name: string) => ({
      subject: this.#names.kindOf(name),
      versions: await this.#written(name),
    })
    return Promise.all(names.map(subjectOf))
  }

  async warnings(subjects: readonly string[]): Promise<readonly string[]> {
    const loose = await looseLevels(
      this.#api,
      subjects.map(subject => this.#names.of(subject)),
    )
    return [...this.#warnings, ...loose]
  }

  follow(signal: AbortSignal): Promise<void> {
    return this.#table.follow(signal)
  }

  async close(): Promise<void> {
    this.#fetched.close()
    this.#api.close()
  }
}
