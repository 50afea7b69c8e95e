import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import singer from '../../connectors/singer/index.ts'
import { connector, type StreamContext, stream } from '../../plugins/contract.ts'
import { array, type FromSchema, integer, nullable, object, string } from '../../plugins/schema.ts'

const Order = object({
  id: integer(),
  campaign: string(),
  amount: string(),
  currency: string(),
  status: string(),
  created_at: string(),
  items: array(object({ sku: string(), quantity: integer() })),
  note: nullable(string()),
})

/** A record of eight fields, as both are given it. */
export const orderOf = (id: number): FromSchema<typeof Order> => ({
  id,
  campaign: `spring-${id % 50}`,
  amount: `${id}.10`,
  currency: 'EUR',
  status: 'paid',
  created_at: '2026-04-15T09:30:00Z',
  items: [{ sku: `a-${id % 977}`, quantity: id % 5 }],
  note: null,
})

const PAGE = 1_000
const STATE_EVERY = 10_000
const Settings = object({ records: integer({ title: 'Records', minimum: 1 }) })

/** Pages of 1,000 records from memory: a platform that answers at once. */
const pager = connector({
  id: 'pager',
  title: 'Pages from memory',
  version: '1.0.0',
  config: Settings,
  async check() {},
  streams: {
    orders: stream({
      title: 'Orders',
      kind: null,
      schema: Order,
      primaryKey: ['id'],
      cursorField: 'id',
      async *read({ config, state, signal }: StreamContext<FromSchema<typeof Settings>, number>) {
        for (let at = state ?? 0; at < config.records && !signal.aborted; at += PAGE) {
          const n = Math.min(PAGE, config.records - at)
          yield { records: Array.from({ length: n }, (_, i) => orderOf(at + i + 1)), state: at + n }
        }
      },
    }),
  },
})

/** For the thread that reads: see `to-log.ts`. */
export const sources = [pager, singer]

/** The same orders as messages of a Singer tap. */
export async function writeMessages(file: string, records: number): Promise<void> {
  function* lines(): Generator<string> {
    const schema = { type: 'object', properties: { id: { type: 'integer' } } }
    yield `${JSON.stringify({ type: 'SCHEMA', stream: 'orders', schema, key_properties: ['id'] })}\n`
    for (let id = 1; id <= records; id++) {
      yield `${JSON.stringify({ type: 'RECORD', stream: 'orders', record: orderOf(id) })}\n`
      if (id % STATE_EVERY === 0 || id === records)
        yield `${JSON.stringify({ type: 'STATE', value: { bookmarks: { orders: { id } } } })}\n`
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(file))
}
