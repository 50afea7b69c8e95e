import { existsSync, readFileSync, writeSync } from 'node:fs'
import { parseArgs } from 'node:util'

/**
 * A small Singer tap for trials: `node tap.js --config FILE [--discover] [--catalog FILE] [--state FILE]`. Orders go by
 * their number, with a STATE now and then; prices are one load without a key and without a STATE before their end.
 */
export interface TapSettings {
  readonly api_key: string
  readonly seed: number
  readonly orders: number
  readonly prices: number
  /** Where this file is, there is nothing to read. */
  readonly empty_when: string
}

interface State {
  readonly bookmarks: { readonly orders?: { readonly id: number }; readonly prices?: { readonly done: true } }
}

const KEY = 'trial-key-5b1f2c'
const ORDERS_PER_STATE = 3_100
const LINES_PER_WRITE = 200
const EXTRACTED = '2026-04-15T09:30:00.123456Z'

const SCHEMAS = {
  orders: {
    type: 'object',
    properties: {
      id: { type: 'integer' },
      amount: { type: ['null', 'number'], multipleOf: 1e-18 },
      email: { type: ['null', 'string'] },
      note: { type: 'string' },
    },
  },
  prices: { type: 'object', properties: { item: { type: 'string' }, price: { type: 'number' } } },
}
const KEYS = { orders: ['id'], prices: [] as string[] }
const NAMES = ['orders', 'prices'] as const

const { values } = parseArgs({
  options: {
    config: { type: 'string' },
    catalog: { type: 'string' },
    state: { type: 'string' },
    discover: { type: 'boolean' },
  },
})
const read = (file: string | undefined): unknown =>
  file === undefined ? null : JSON.parse(readFileSync(file, 'utf8'))
const config = read(values.config) as TapSettings
const { bookmarks } = (read(values.state) ?? { bookmarks: {} }) as State

if (config.api_key !== KEY) {
  process.stderr.write(`CRITICAL 401 Client Error: Unauthorized for key ${config.api_key}\n`)
  process.exit(1)
}
if (values.discover) write([JSON.stringify(catalog())])
else {
  process.stderr.write('INFO Beginning sync\n')
  for (const name of NAMES) if (isSelected(name)) write(messages(name))
}

function catalog() {
  return {
    streams: (existsSync(config.empty_when) ? [] : NAMES).map(name => ({
      tap_stream_id: name,
      stream: name,
      schema: SCHEMAS[name],
      metadata: [{ breadcrumb: [], metadata: { 'table-key-properties': KEYS[name] } }],
    })),
  }
}

function isSelected(name: string): boolean {
  type Marked = { streams: { tap_stream_id: string; metadata: { metadata: { selected?: boolean } }[] }[] }
  const given = read(values.catalog) as Marked | null
  const entry = given?.streams.find(s => s.tap_stream_id === name)
  return entry?.metadata.some(m => m.metadata.selected === true) ?? false
}

function* messages(name: (typeof NAMES)[number]): Generator<string> {
  const schema = { type: 'SCHEMA', stream: name, schema: SCHEMAS[name], key_properties: KEYS[name] }
  yield JSON.stringify(schema)
  if (existsSync(config.empty_when)) return
  yield* name === 'orders' ? orders() : prices()
}

function* orders(): Generator<string> {
  const from = (bookmarks.orders?.id ?? 0) + 1
  for (let id = from; id <= config.orders; id++) {
    const digits = (id * 7919 + config.seed) % 1_000_003
    const record = `{"id": ${9_007_199_254_740_000}${id}, "amount": ${digits}.100000000000000001, "email": "p${id}@example.org", "note": "sent\\nto p${id}@example.org"}`
    yield `{"type": "RECORD", "stream": "orders", "record": ${record}, "time_extracted": "${EXTRACTED}"}`
    if (id % 4_000 === 0) yield 'a line that a library printed'
    if (id % ORDERS_PER_STATE === 0 || id === config.orders) yield stateOf({ ...bookmarks, orders: { id } })
  }
}

function* prices(): Generator<string> {
  if (bookmarks.prices?.done) return
  for (let i = 0; i < config.prices; i++)
    yield `{"type": "RECORD", "stream": "prices", "record": {"item": "i${i % 500}", "price": ${(i + config.seed) % 97}.10}}`
  yield stateOf({ orders: { id: config.orders }, prices: { done: true } })
}

function stateOf(marks: State['bookmarks']): string {
  return JSON.stringify({ type: 'STATE', value: { bookmarks: marks } })
}

function write(lines: Iterable<string>): void {
  let open: string[] = []
  const flush = () => {
    put(Buffer.from(open.map(line => `${line}\n`).join('')))
    open = []
  }
  for (const line of lines) if (open.push(line) === LINES_PER_WRITE) flush()
  flush()
}

/** All of it, also where the pipe is full and does not block. */
function put(bytes: Buffer): void {
  for (let rest = bytes; rest.length > 0; )
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
}
