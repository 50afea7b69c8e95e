import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import { decodeRecords } from '../../engine/log/kafka/records/batches.ts'
import { batch, type Written } from '../../test/engine/log/kafka/records/encode.ts'

/**
 * Records a second out of fetched batches on one core, ours beside kafkajs' own decoder, in turns: records of 150
 * bytes (12 of them key), 500 a batch, 1 MB a fetch, which is what brokers answer by default.
 *
 * Usage: decode.js [ROUNDS]. Prints the median of the rounds (5) and what checksums cost.
 */
const rounds = Number(process.argv[2] ?? 5)
const RECORDS = 500
const BATCHES = 13

const load = createRequire(import.meta.url)
const Decoder = load('kafkajs/src/protocol/decoder') as new (buffer: Buffer) => object
const decodeMessages = load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages') as (
  decoder: object,
) => Promise<readonly { offset: string }[]>

function fetched(headers: boolean, gzip: boolean): Buffer {
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
      return batch(
        gzip
          ? { base: b * RECORDS, records, codec: 1, pack: plain => gzipSync(plain) }
          : { base: b * RECORDS, records },
      )
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

async function compare(name: string, bytes: Buffer): Promise<void> {
  const where = { topic: 'bench', partition: 0 }
  const wire = Buffer.concat([Buffer.alloc(4), bytes])
  wire.writeInt32BE(bytes.length)
  const subjects: readonly (readonly [string, () => number | Promise<number>])[] = [
    ['ours', () => decodeRecords(bytes, [], 0, where).records.length],
    ['ours, no checksums', () => decodeRecords(bytes, [], 0, { ...where, verify: false }).records.length],
    ['kafkajs', async () => (await decodeMessages(new Decoder(wire))).length],
  ]
  const speeds = subjects.map((): number[] => [])
  for (const [, decode] of subjects) await speed(decode)
  for (let round = 0; round < rounds; round++)
    for (const [i, [, decode]] of subjects.entries()) speeds[i]!.push(await speed(decode))
  const [ours, unchecked, theirs] = speeds.map(median) as [number, number, number]
  process.stdout.write(`${name}\n`)
  for (const [i, [subject]] of subjects.entries())
    process.stdout.write(
      `  ${subject.padEnd(20)}${Math.round(median(speeds[i]!)).toLocaleString('en').padStart(12)} records/s\n`,
    )
  process.stdout.write(
    `  ours ÷ kafkajs ${(ours / theirs).toFixed(1)}, checksums cost ${((1 - ours / unchecked) * 100).toFixed(1)} %\n`,
  )
}

await compare('plain', fetched(false, false))
await compare('a header each (us)', fetched(true, false))
await compare('gzip', fetched(false, true))
