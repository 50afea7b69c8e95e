import { incompatibility } from '../../../../engine/codec/registry/compatibility.ts'
import { InvalidSchema, kept } from './avro.ts'

/** What is answered when it is not a success. */
export class Refused extends Error {
  readonly status: number
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
    this.status = code > 999 ? Math.trunc(code / 100) : code
  }
}

interface Version {
  readonly version: number
  readonly id: number
  readonly schema: string
}

const LEVELS = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
]

const DEFAULT_CONTEXT = ':.:'
const contextOf = (subject: string) => /^:\..*?:/.exec(subject)?.[0] ?? DEFAULT_CONTEXT

/** What a registry knows. Ids are of a context, dealt in order, the same for the same schema under any subject. */
export class Store {
  level = 'BACKWARD'
  readonly levels = new Map<string, string>()
  readonly #subjects = new Map<string, Version[]>()
  readonly #ids = new Map<string, string[]>()
  readonly #firstId: number

  constructor(firstId: number) {
    this.#firstId = firstId
  }

  subjects(prefix: string): string[] {
    return [...this.#subjects.keys()].filter(subject => subject.startsWith(prefix))
  }

  versions(subject: string): Version[] {
    const versions = this.#subjects.get(subject)
    if (!versions) throw new Refused(40401, `Subject '${subject}' not found.`)
    return versions
  }

  version(subject: string, which: string): Version & { subject: string } {
    const versions = this.versions(subject)
    const found = which === 'latest' ? versions.at(-1) : versions.find(v => String(v.version) === which)
    if (!found) throw new Refused(40402, `Version ${which} not found.`)
    return { subject, ...found }
  }

  lookUp(subject: string, text: string): Version & { subject: string } {
    const schema = checked(text)
    const found = this.versions(subject).find(v => v.schema === schema)
    if (!found) throw new Refused(40403, 'Schema not found')
    return { subject, ...found }
  }

  byId(id: number, subject: string): string {
    const schema = this.#ids.get(contextOf(subject))?.[id - this.#firstId]
    if (schema === undefined) throw new Refused(40403, `Schema ${id} not found`)
    return schema
  }

  register(subject: string, text: string): number {
    const schema = checked(text)
    const versions = this.#subjects.get(subject) ?? []
    const there = versions.find(v => v.schema === schema)
    if (there) return there.id
    const why = this.#broken(schema, this.#counted(subject, versions), this.levelOf(subject))
    if (why.length > 0)
      throw new Refused(
        409,
        `Schema being registered is incompatible with an earlier schema for subject "${subject}", details: [${why.join(', ')}]`,
      )
    const context = contextOf(subject)
    const ids = this.#ids.get(context) ?? []
    this.#ids.set(context, ids)
    const index = ids.includes(schema) ? ids.indexOf(schema) : ids.push(schema) - 1
    const id = this.#firstId + index
    this.#subjects.set(subject, [...versions, { version: versions.length + 1, id, schema }])
    return id
  }

  /** Why a schema may not follow: nothing, if it may. */
  incompatible(subject: string, which: string | undefined, text: string): string[] {
    const schema = checked(text)
    const versions = this.#subjects.get(subject) ?? []
    const compared = which === undefined ? this.#counted(subject, versions) : [this.version(subject, which)]
    return this.#broken(schema, compared, this.levelOf(subject))
  }

  levelOf(subject: string): string {
    return this.levels.get(subject) ?? this.level
  }

  setLevel(subject: string | undefined, level: string): void {
    if (!LEVELS.includes(level))
      throw new Refused(42203, `Invalid compatibility level. Valid values are ${LEVELS.join(', ')}`)
    if (subject === undefined) this.level = level
    else this.levels.set(subject, level)
  }

  /** For good, its ids too: what a registry that was lost and begun anew looks like. */
  forget(): void {
    this.#subjects.clear()
    this.#ids.clear()
    this.levels.clear()
  }

  #counted(subject: string, versions: readonly Version[]): readonly Version[] {
    return this.levelOf(subject).endsWith('_TRANSITIVE') ? versions : versions.slice(-1)
  }

  #broken(schema: string, versions: readonly Version[], level: string): string[] {
    const read = JSON.parse(schema)
    return versions.flatMap(v => {
      const written = JSON.parse(v.schema)
      const back = /^(BACKWARD|FULL)/.test(level) ? incompatibility(read, written) : null
      const forth = /^(FORWARD|FULL)/.test(level) ? incompatibility(written, read) : null
      return [back, forth].filter(why => why !== null)
    })
  }
}

function checked(text: string): string {
  try {
    return kept(text)
  } catch (error) {
    if (error instanceof InvalidSchema) throw new Refused(42201, `Invalid schema ${text}: ${error.message}`)
    throw error
  }
}
