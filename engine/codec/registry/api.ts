import { StratumError } from '../../errors.ts'
import type { RegistryConnection } from './connection.ts'
import { Nodes } from './nodes.ts'
import type { Asked } from './request.ts'
import { alien, Refusal, refused } from './trouble.ts'

const SUBJECT_NOT_FOUND = 40401
const VERSION_NOT_FOUND = 40402
const SCHEMA_NOT_FOUND = 40403
/** The subject has no compatibility of its own. */
const NO_LEVEL = 40408

/** A schema as a registry keeps it; without a type it is Avro. */
export interface Kept {
  readonly schema: string
  readonly schemaType?: string
  readonly references?: readonly unknown[]
}

export interface Place {
  readonly id: number
  readonly version: number
}

/**
 * Confluent's HTTP API, as far as it is used. Every call may throw STORE_UNAVAILABLE and STORE_REFUSED; subjects are
 * named as the registry has them.
 */
export class RegistryApi {
  readonly #nodes: Nodes
  readonly #context: string

  /** `context`: as `subjectsOf` gives it. */
  constructor(connection: RegistryConnection, context: string) {
    this.#nodes = new Nodes(connection)
    this.#context = context
  }

  /** Where a schema stands under a subject. */
  async lookUp(subject: string, schema: string): Promise<Place | 'no subject' | 'no schema'> {
    try {
      const found = await this.#call<Place>('POST', `/subjects/${encodeURIComponent(subject)}`, { schema })
      return { id: count(found.id), version: count(found.version) }
    } catch (error) {
      const code = codeOf(error)
      if (code === SUBJECT_NOT_FOUND) return 'no subject'
      if (code === SCHEMA_NOT_FOUND) return 'no schema'
      throw settled(error)
    }
  }

  /** Id of the schema, new or not; or why the registry does not let it follow what is there. */
  async register(subject: string, schema: string): Promise<number | { readonly incompatible: string }> {
    try {
      const path = `/subjects/${encodeURIComponent(subject)}/versions`
      return count((await this.#call<{ id: number }>('POST', path, { schema })).id)
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 409) throw settled(error)
      return { incompatible: error.message || 'the registry does not say why' }
    }
  }

  /** Why the registry would not let a schema follow what is there, by the rule it has for the subject; or null. */
  async incompatibility(subject: string, schema: string): Promise<string | null> {
    const path = `/compatibility/subjects/${encodeURIComponent(subject)}/versions`
    const ask = (path: string) =>
      this.#call<{ is_compatible?: unknown; messages?: unknown }>('POST', `${path}?verbose=true`, { schema })
    // Older registries compare with one version only.
    const { is_compatible: yes, messages } = await ask(path)
      .catch(error => {
        if (!(error instanceof Refusal) || (error.status !== 404 && error.status !== 405)) throw error
        return ask(`${path}/latest`)
      })
      .catch(error => {
        throw settled(error)
      })
    if (yes !== false) return null
    return Array.isArray(messages) && messages.length > 0
      ? messages.map(String).join('; ')
      : 'the registry does not say why'
  }

  /** null for an id that it does not have. */
  async byId(id: number): Promise<Kept | null> {
    const of = this.#context === '' ? '' : `?subject=${encodeURIComponent(this.#context)}`
    return this.#orNone<Kept>(`/schemas/ids/${id}${of}`, SCHEMA_NOT_FOUND, SUBJECT_NOT_FOUND)
  }

  async subjects(prefix: string): Promise<string[]> {
    const of = prefix === '' ? '' : `?subjectPrefix=${encodeURIComponent(prefix)}`
    const all = await this.#orNone<string[]>(`/subjects${of}`)
    // Not every registry knows the parameter.
    return all!.filter(subject => subject.startsWith(prefix)).sort()
  }

  async versions(subject: string): Promise<number[]> {
    const path = `/subjects/${encodeURIComponent(subject)}/versions`
    return (await this.#orNone<number[]>(path, SUBJECT_NOT_FOUND)) ?? []
  }

  async version(subject: string, version: number): Promise<(Kept & Place) | null> {
    const path = `/subjects/${encodeURIComponent(subject)}/versions/${version}`
    return this.#orNone<Kept & Place>(path, SUBJECT_NOT_FOUND, VERSION_NOT_FOUND)
  }

  /** The compatibility that is in force for a subject. */
  async level(subject: string): Promise<string> {
    const path = `/config/${encodeURIComponent(subject)}?defaultToGlobal=true`
    const own = await this.#orNone<{ compatibilityLevel: string }>(path, NO_LEVEL, SUBJECT_NOT_FOUND)
    const { compatibilityLevel } = own ?? (await this.#orNone<{ compatibilityLevel: string }>('/config'))!
    return compatibilityLevel
  }

  async setLevel(subject: string, compatibility: string): Promise<void> {
    try {
      await this.#call('PUT', `/config/${encodeURIComponent(subject)}`, { compatibility })
    } catch (error) {
      throw settled(error)
    }
  }

  close(): void {
    this.#nodes.close()
  }

  async #orNone<T>(path: string, ...none: readonly number[]): Promise<T | null> {
    try {
      return await this.#call<T>('GET', path)
    } catch (error) {
      if (none.includes(codeOf(error))) return null
      throw settled(error)
    }
  }

  /** @throws Refusal too */
  async #call<T>(method: Asked['method'], path: string, body?: object): Promise<T> {
    const answer = await this.#nodes.ask(method, path, body && JSON.stringify(body))
    if (answer.status < 200 || answer.status > 299) throw new Refusal(answer)
    try {
      const value = JSON.parse(answer.body) as unknown
      if (typeof value === 'object' && value !== null) return value as T
    } catch {}
    throw alien(answer.url)
  }
}

function count(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new StratumError('STORE_REFUSED', 'Schema registry: an answer without an id or a version')
}

const codeOf = (error: unknown) => (error instanceof Refusal ? error.code : -1)

const settled = (error: unknown) => (error instanceof Refusal ? refused(error) : error)
