import { hash } from 'node:crypto'
import { memberOf } from './json-members.ts'
import { NoMessage } from './message.ts'
import type { Validator } from './validator.ts'
import { validatorOf } from './validator.ts'

/** What the tap has said of a stream in this run. */
export interface StreamSchema {
  readonly schema: string
  readonly keyProperties: readonly string[]
  /** 64 bits of SHA-256, hex. */
  readonly hash: string
  /** null: records are not checked. */
  readonly validate: Validator | null
}

export interface SchemasOptions {
  readonly validate: boolean
  notice(message: string): void
}

/** The schema in force of every stream. */
export class Schemas {
  readonly #o: SchemasOptions
  readonly #streams = new Map<string, StreamSchema>()

  constructor(options: SchemasOptions) {
    this.#o = options
  }

  set(stream: string, schema: string, keyProperties: readonly string[]): void {
    const digest = hash('sha256', `${JSON.stringify(keyProperties)}\n${schema}`, 'hex').slice(0, 16)
    const before = this.#streams.get(stream)
    if (before?.hash === digest) return
    const validate = this.#o.validate ? validatorOf(stream, schema, this.#o.notice) : null
    this.#streams.set(stream, { schema, keyProperties, hash: digest, validate })
  }

  /** @throws NoMessage where the tap has said nothing of it yet */
  of(stream: string): StreamSchema {
    const known = this.#streams.get(stream)
    if (known === undefined) throw new NoMessage('no SCHEMA of its stream came before it')
    return known
  }
}

/**
 * Stream and key of a record as a text, null for a stream without keys. Numbers as they are written: ids beyond 2^53
 * stay apart. @throws NoMessage where a key property is missing
 */
export function keyOf(stream: string, record: string, keyProperties: readonly string[]): string | null {
  if (keyProperties.length === 0) return null
  let key = `[${JSON.stringify(stream)}`
  for (const name of keyProperties) {
    const value = memberOf(record, name)
    if (value === undefined) throw new NoMessage(`the key property ${name} is missing`)
    // One text can be written in several ways.
    key += `,${value.includes('\\') ? JSON.stringify(JSON.parse(value)) : value}`
  }
  return `${key}]`
}
