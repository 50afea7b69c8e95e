import { createRequire } from 'node:module'
import { decodeRecords } from '../../engine/log/kafka/records/batches.ts'
import { batch, type Written } from '../../test/engine/log/kafka/records/encode.ts'
import { PACKS } from '../../test/engine/log/kafka/records/pack.ts'

/**
 * Records a second out of fetched batches on one core, ours beside kafkajs' own decoder, in turns: records of 150
 * bytes (12 of them key), 500 a batch, 1 MB a fetch, which is what brokers answer by default.
 *
 * Usage: decode.js [ROUNDS]. Prints medians of the rounds (5); `unchecked` is ours without checksums.
 */
const rounds = Number(process.argv[2] ?? 5)
const RECORDS = 500
const BATCHES = 13

const load = createRequire(import.meta.url)
const Decoder = load('kafkajs/src/protocol/decoder') as new (buffer: Buffer) => object
const decodeMessages = load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages') as (
  decoder: object,
) => Promise<readonly { offset: string }[]>

function fetched({ headers = false, codec = 0 }): Buffer {
  const pack = PACKS.find(([number]) => number === codec)?.[2]
  return Buffer.concat(
    Array.from({ length: BATCHES }, (_, b) => {
      const records = Array.from({ length: RECORDS }, (_, i): Written => {
        const offset = b * RECORDS + i
        const key = Buffer.from(`demo:${offset}`.padEnd(12, '.'))
        const value = Buffer.alloc(138, `event ${offset} `)
        const time = 1_700_000_000_000 + (i >> 2)
        return headers
          ? { offset, key, value, time, headers: [['us', `${(offset % 900) + 100}`]] }
          : { offset, key, value, time }
      })
      return batch({ base: b * RECORDS, records, codec, ...(pack && { pack }) })
    }),
  )
}

/** Records a second, for half a second. */
async function speed(decode: () => number | Promise<number>): Promise<number> {
  const begun = performance.now()
  let records = 0
  let seconds = 0
  while (seconds < 0.5) {
    records += await decode()
    seconds = (performance.now() - begun) / 1_000
  }
  return records / seconds
}

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!

type Subject = 'ours' | 'unchecked' | 'kafkajs'

async function compare(name: string, bytes: Buffer, ...subjects: readonly Subject[]): Promise<void> {
  const where = { topic: 'bench', partition: 0 }
  const wire = Buffer.concat([Buffer.alloc(4), bytes])
  wire.writeInt32BE(bytes.length)
  const decode: Readonly<Record<Subject, () => number | Promise<number>>> = {
    ours: () => decodeRecords(bytes, [], 0, where).records.length,
    unchecked: () => decodeRecords(bytes, [], 0, { ...where, verify: false }).records.length,
    kafkajs: async () => (await decodeMessages(new Decoder(wire))).length,
  }
  const speeds = new Map(subjects.map(subject => [subject, [] as number[]]))
  for (const subject of subjects) await speed(decode[subject])
  for (let round = 0; round < rounds; round++)
    for (const [subject, own] of speeds) own.push(await speed(decode[subject]))
  const ours = median(speeds.get('ours')!)
  process.stdout.write(`${name}\n`)
  for (const [subject, own] of speeds) {
    const figure = Math.round(median(own)).toLocaleString('en').padStart(12)
    const ratio = subject === 'ours' ? '' : `   ours ÷ this: ${(ours / median(own)).toFixed(2)}`
    process.stdout.write(`  ${subject.padEnd(10)}${figure} records/s${ratio}\n`)
  }
}

await compare('plain', fetched({}), 'ours', 'unchecked', 'kafkajs')
await compare('a header each (us)', fetched({ headers: true }), 'ours', 'unchecked', 'kafkajs')
await compare('gzip', fetched({ codec: 1 }), 'ours', 'kafkajs')
// kafkajs has no codec for these.
await compare('snappy', fetched({ codec: 2 }), 'ours')
await compare('lz4', fetched({ codec: 3 }), 'ours')
