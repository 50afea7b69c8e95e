import avsc, { type Type } from 'avsc'
import type { Records } from './reader.ts'

interface Schema {
  readonly subject: string
  readonly id: number
  readonly schema: unknown
}

/** Values in the Confluent wire format, read by the schemas that lie in the log itself. */
export class Avro {
  readonly #schemas = new Map<number, { readonly subject: string; readonly type: Type }>()

  constructor(records: Records) {
    for (const { value } of records.get('stratum.schemas/0') ?? []) {
      if (value === null) continue
      const { subject, id, schema } = JSON.parse(value.toString()) as Schema
      this.#schemas.set(id, { subject, type: avsc.Type.forSchema(schema as never) })
    }
  }

  #of(value: Buffer) {
    const found = value[0] === 0 ? this.#schemas.get(value.readUInt32BE(1)) : undefined
    if (!found) throw new Error(`a value without a known schema: ${value.toString('hex', 0, 8)}`)
    return found
  }

  kind(value: Buffer): string {
    return this.#of(value).subject
  }

  decode<T>(value: Buffer): T {
    return this.#of(value).type.fromBuffer(value.subarray(5)) as T
  }
}
