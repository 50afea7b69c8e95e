import avsc from 'avsc'
import { KEY_SEPARATOR } from '../../engine/log/tenant.ts'
import { seeded } from '../../test/chaos/random.ts'
import { type BenchEvent, benchEvent, EVENT_SCHEMA_ID } from './records.ts'

export interface PoolOptions {
  readonly seed: number
  /** Names of its tenants begin so. */
  readonly prefix?: string
  readonly tenants?: number
  readonly campaigns?: number
  /** Different records; those that follow are the same with another id and other times. */
  readonly size?: number
}

const HEADER = 5
/** Bytes of Avro before the id's text, and of a time in microseconds of this century. */
const ID_CHARS = 32
const TIME_BYTES = 8
const HEX = '0123456789abcdef'
const SECOND = 1e6
const MINUTE = 60 * SECOND

/**
 * Events in the wire format, the same for the same seed. They are encoded once; what follows is a record of the pool,
 * drawn at random, in which the id and the times are written over: the encoder costs more than sending does.
 */
export class EventPool {
  readonly #random: () => number
  readonly #records: { readonly key: Buffer; readonly value: Buffer; readonly idAt: number }[] = []
  #made = 0

  constructor({ seed, prefix = 'tenant', tenants = 40, campaigns = 50, size = 1 << 15 }: PoolOptions) {
    this.#random = seeded(seed)
    const type = avsc.Type.forSchema(benchEvent.schema)
    for (let i = 0; i < size; i++) {
      const event = this.#event(prefix, tenants, campaigns)
      const header = Buffer.alloc(HEADER)
      header.writeUInt32BE(EVENT_SCHEMA_ID, 1)
      this.#records.push({
        key: Buffer.from(`${event.tenant_id}${KEY_SEPARATOR}${event.campaign_id}`),
        value: Buffer.concat([header, type.toBuffer(event)]),
        idAt: HEADER + 1 + event.tenant_id.length + 1,
      })
    }
  }

  /**
   * The next event, sent at `now` (UTC microseconds). Nine in ten happened up to 20 s before they were sent, one in a
   * hundred up to 40 minutes. The value is good until the next call.
   */
  next(now: number): { readonly key: Buffer; readonly value: Buffer } {
    const record = this.#records[Math.floor(this.#random() * this.#records.length)]!
    const { value, idAt } = record
    writeId(value, idAt, this.#made++)
    writeTime(value, idAt + ID_CHARS, Math.floor(now - this.#lateness()))
    writeTime(value, idAt + ID_CHARS + TIME_BYTES, now)
    return record
  }

  #lateness(): number {
    const luck = this.#random()
    const limit = luck < 0.9 ? 20 * SECOND : luck < 0.99 ? 5 * MINUTE : 40 * MINUTE
    return this.#random() * limit
  }

  #event(prefix: string, tenants: number, campaigns: number): BenchEvent {
    const below = (n: number) => Math.floor(this.#random() * n)
    const hex = () => Array.from({ length: ID_CHARS }, () => HEX[below(16)]).join('')
    const campaign = `campaign-${String(below(campaigns)).padStart(4, '0')}`
    return {
      tenant_id: `${prefix}-${String(below(tenants)).padStart(3, '0')}`,
      event_id: hex(),
      event_time: 1e15,
      ingest_time: 1e15,
      source: ['meta', 'google-ads', 'tiktok', 'snapchat'][below(4)]!,
      event_name: 'ad_click',
      campaign_id: campaign,
      person_key: hex(),
      session_key: hex(),
      url: `https://shop.example/collections/${below(500)}/products/${below(10_000)}?utm_source=ads&utm_campaign=${campaign}&click=${hex()}`,
      cost_micros: 10_000 + below(5_000_000),
      currency: 'EUR',
    }
  }
}

/** The event's number in the last sixteen digits of its id. */
function writeId(bytes: Buffer, at: number, n: number): void {
  let rest = n
  for (let i = at + ID_CHARS - 1; i >= at + ID_CHARS - 16; i--) {
    bytes[i] = HEX.charCodeAt(rest % 16)
    rest = Math.floor(rest / 16)
  }
}

/** Avro's long: zig-zag, seven bits a byte. Eight bytes from 2^48 to 2^55 microseconds. */
function writeTime(bytes: Buffer, at: number, time: number): void {
  let rest = time * 2
  for (let i = 0; i < TIME_BYTES - 1; i++) {
    bytes[at + i] = (rest % 128) | 128
    rest = Math.floor(rest / 128)
  }
  bytes[at + TIME_BYTES - 1] = rest
}
