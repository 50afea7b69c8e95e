import { configError } from '../../../plugins/errors.ts'
import type { Hold } from '../hold/hold.ts'
import type { TapRecord } from '../record.ts'
import { microsOf } from './instant.ts'
import type { Line } from './lines.ts'
import { type Message, messageOfLine, NoMessage } from './message.ts'
import type { Depersonalise } from './personal.ts'
import { keyOf, type Schemas, type StreamSchema } from './schemas.ts'

export interface OutputOptions {
  readonly tap: string
  readonly hold: Hold
  readonly schemas: Schemas
  readonly depersonalise: Depersonalise
  /** For the bytes of a line that is rejected. */
  readonly redact: (text: string) => string
  notice(message: string): void
}

const NOTHING = {
  record: null,
  key_properties: [] as string[],
  key: null,
  version: null,
  time_extracted: null,
  schema_hash: null,
  schema: null,
}

/** Makes entries of a tap's lines and puts them where they wait for their state. */
export class Output {
  readonly #o: OutputOptions
  /** Taps write one time for many records. */
  #time: { text: string; micros: number | null } = { text: '', micros: null }
  #oddTimes = 0

  constructor(options: OutputOptions) {
    this.#o = options
  }

  /** @throws config: the tap sends files instead of records; NotRepeated */
  line({ text, fault, bytes }: Line): void {
    if (text === null) return this.#reject(fault!, bytes!.toString('utf8'))
    try {
      this.#message(messageOfLine(text), text.length)
    } catch (error) {
      if (!(error instanceof NoMessage)) throw error
      this.#reject(error.message, text)
    }
  }

  #message(message: Message, size: number): void {
    const { hold, schemas, tap } = this.#o
    switch (message.type) {
      case 'RECORD':
        return hold.add({ row: this.#record(message) }, size)
      case 'STATE':
        return hold.state(message.value)
      case 'SCHEMA':
        return schemas.set(message.stream, message.schema, message.keyProperties)
      case 'ACTIVATE_VERSION': {
        const { type, stream, version } = message
        return hold.add({ row: { ...NOTHING, sequence: hold.sequence, type, stream, version } }, size)
      }
      case 'BATCH':
        throw configError(
          `${tap} sends BATCH messages, which name files instead of holding records, and they are not supported: take batch_config out of its configuration`,
          '/config',
        )
    }
  }

  #record({
    stream,
    record,
    value,
    version,
    timeExtracted,
  }: Extract<Message, { type: 'RECORD' }>): TapRecord {
    const { hold, schemas, depersonalise } = this.#o
    const known = schemas.of(stream)
    const { keyProperties, hash } = known
    const problem = known.validate?.(value)
    if (problem) throw new NoMessage(`does not match the schema of stream ${stream}: ${problem}`)
    const key = keyOf(stream, record, keyProperties)
    if (hold.wantsSchema(stream, hash)) this.#schema(stream, known)
    return {
      sequence: hold.sequence,
      type: 'RECORD',
      stream,
      record: depersonalise(record),
      key_properties: keyProperties as string[],
      key,
      version,
      time_extracted: timeExtracted === null ? null : this.#micros(timeExtracted),
      schema_hash: hash,
      schema: null,
    }
  }

  #schema(stream: string, { schema, keyProperties, hash }: StreamSchema): void {
    const { hold } = this.#o
    hold.schema({
      ...NOTHING,
      sequence: hold.sequence,
      type: 'SCHEMA',
      stream,
      key_properties: [...keyProperties],
      schema_hash: hash,
      schema,
    })
  }

  #micros(text: string): number | null {
    if (text === this.#time.text) return this.#time.micros
    const micros = microsOf(text)
    this.#time = { text, micros }
    if (micros === null && this.#oddTimes++ === 0)
      this.#o.notice(
        `${this.#o.tap} writes time_extracted in a form that is not ISO 8601: it is left unknown`,
      )
    return micros
  }

  #reject(reason: string, line: string): void {
    const { hold, tap, redact } = this.#o
    const shown = Buffer.from(redact(line))
    const origin = `${tap} entry ${hold.sequence}`
    hold.add({ rejected: { reason, origin, bytes: shown } }, shown.length)
  }
}
