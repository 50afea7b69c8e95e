import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import singer from '../../connectors/singer/index.ts'
import { Codec } from '../../engine/codec/codec.ts'
import { EmbeddedRegistry } from '../../engine/codec/registry/embedded.ts'
import { sourceContext } from '../../engine/source/context.ts'
import { rawKind } from '../../engine/source/raw.ts'
import { readHere } from '../../engine/source/reading.ts'

/**
 * Records a second through the Singer adapter. The tap is `cat` of a file of messages, which costs next to nothing:
 * what is measured is the adapter, alone and with the encoding that puts its records into the log.
 *
 * Usage: singer.js [--records N]. Profile: node --cpu-prof dist/bench/connectors/singer.js
 */
const { values } = parseArgs({ options: { records: { type: 'string', default: '500000' } } })
const records = Number(values.records)
const STATE_EVERY = 10_000

const folder = mkdtempSync(join(tmpdir(), 'bench-singer-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

function* messages(of: (i: number) => string): Generator<string> {
  yield `{"type": "SCHEMA", "stream": "orders", "schema": {"type": "object", "properties": {"id": {"type": "integer"}}}, "key_properties": ["id"]}\n`
  for (let i = 1; i <= records; i++) {
    yield `{"type": "RECORD", "stream": "orders", "record": {"id": ${i}, ${of(i)}}, "time_extracted": "2026-04-15T09:30:00.${String(i % 1_000_000).padStart(6, '0')}Z"}\n`
    if (i % STATE_EVERY === 0 || i === records)
      yield `{"type": "STATE", "value": {"bookmarks": {"orders": {"id": ${i}}}}}\n`
  }
}

const plain = (i: number) =>
  `"campaign": "spring-${i % 50}", "amount": ${i}.100000000000000001, "currency": "EUR", "status": "paid", "created_at": "2026-04-15T09:30:00Z", "items": [{"sku": "a-${i % 977}", "quantity": ${i % 5}}], "note": null`
const personal = (i: number) => `"email": "p${i}@example.org", "phone": "+49 170 ${i}", ${plain(i)}`

const codec = new Codec(EmbeddedRegistry.inMemory())
for (const stream of singer.streams) await codec.register(rawKind('singer', stream))
const stream = singer.streams.find(s => s.name === 'records')!

for (const [name, of] of Object.entries({ plain, personal })) {
  const file = join(folder, `${name}.ndjson`)
  await pipeline(Readable.from(messages(of)), createWriteStream(file))
  const config = {
    name: 'bench',
    command: '/bin/sh',
    args: ['-c', 'cat "$0"', file],
    catalog_option: 'none',
    personal: [],
    validate: false,
  }
  const context = { ...sourceContext({ config }), state: null }
  await measured(`${name}, adapter`, () => singer.read('records', context))
  const reading = readHere({
    source: singer,
    config,
    tenant: 'bench',
    connection: 'bench',
    codec,
    clock: () => 1e15,
    notice: () => {},
  })
  await measured(`${name}, with encoding`, () => reading.stream(stream, null, context.signal))
}

async function measured(
  what: string,
  read: () => AsyncIterable<{ readonly records: readonly unknown[] }>,
): Promise<void> {
  const begun = performance.now()
  const cpu = process.cpuUsage()
  let got = 0
  for await (const batch of read()) got += batch.records.length
  // And the row of its schema.
  if (got !== records + 1) throw new Error(`${got} rows came of ${records + 1}`)
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const busy = (user + system) / 1e6
  const rate = (s: number) => Math.round(records / s).toLocaleString('en')
  process.stdout.write(
    `${what}: ${rate(seconds)} records/s, ${rate(busy)} a CPU second, ${Math.round(process.memoryUsage.rss() / (1 << 20))} MiB\n`,
  )
}
