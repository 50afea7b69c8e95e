import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { StratumError } from '../../../../../engine/errors.ts'
import { decodeRecords } from '../../../../../engine/log/kafka/records/batches.ts'
import { decompress } from '../../../../../engine/log/kafka/records/compression.ts'
import { batch } from './encode.ts'
import { PACKS, xerial } from './pack.ts'

const where = { topic: 'events', partition: 3 }
const ROOT = new URL('../../../../../../', import.meta.url)
const FIXTURES = new URL('test/engine/log/kafka/records/fixtures/', ROOT)
const CODEC: Readonly<Record<string, number>> = { lz4: 3, zst: 4 }

const contents = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 3_000 }).map(bytes => Buffer.from(bytes)),
  fc
    .tuple(fc.string({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 5_000 }))
    .map(([text, times]) => Buffer.from(text.repeat(times))),
)

for (const [codec, name, pack] of PACKS)
  t.test(`${name}: what was packed comes back`, async () => {
    fc.assert(
      fc.property(contents, plain => decompress(codec, pack(plain), 0, where).equals(plain)),
      { numRuns: 100 },
    )
  })

t.test('what the lz4 and zstd programs write, with each of their framings', async t => {
  const lines = Buffer.from(Array.from({ length: 16_000 }, (_, i) => `event ${i % 37}\n`).join(''))
  const files = readdirSync(FIXTURES)
  t.equal(files.length, 6)
  for (const file of files) {
    const packed = readFileSync(new URL(file, FIXTURES))
    t.ok(decompress(CODEC[file.split('.')[1]!]!, packed, 0, where).equals(lines), file)
  }
})

t.test('blocks of snappy of any size', async t => {
  const plain = Buffer.from('a line of text\n'.repeat(1_000))
  for (const size of [1, 100, 14_999, 15_000, 20_000])
    t.ok(decompress(2, xerial(plain, size), 0, where).equals(plain))
})

t.test('a batch that is not what its codec writes is named, with codec and place', async t => {
  const names = ['', 'gzip', 'snappy', 'lz4', 'zstd']
  for (const [codec, name] of PACKS)
    for (const body of ['no such thing as a frame', '', '\xff\xff\xff\xff']) {
      const bytes = batch({
        base: 7,
        records: [{ offset: 7, key: null, value: null }],
        codec,
        pack: () => Buffer.from(body, 'latin1'),
      })
      t.throws(
        () => decodeRecords(bytes, [], 0, where),
        {
          code: 'LOG_CORRUPT',
          message: new RegExp(`offset 7 of events/3 .*(${names[codec]}|do not fill it)`),
        },
        `${name}: '${body}'`,
      )
    }
})

t.test(
  'damage behind a true checksum ends in an error or in other bytes, never in a crash or without end',
  async () => {
    const plain = Buffer.from('some text and some more text, '.repeat(60))
    fc.assert(
      fc.property(
        fc.constantFrom(...PACKS),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(),
        ([codec, , pack], changes, cut) => {
          const packed = Buffer.from(pack(plain))
          for (const [at, byte] of changes) packed[at % packed.length] = byte
          const damaged = cut % 3 === 0 ? packed.subarray(0, cut % packed.length) : packed
          try {
            decompress(codec, damaged, 0, where)
          } catch (error) {
            if (!(error instanceof StratumError) || error.code !== 'LOG_CORRUPT') throw error
          }
          if (!decompress(codec, pack(plain), 0, where).equals(plain))
            throw new Error('damage outlasts its batch')
        },
      ),
      { numRuns: 1_000 },
    )
  },
)

t.test('an unknown codec is refused, with what to do', async t => {
  const bytes = batch({ base: 7, records: [{ offset: 7, key: null, value: null }], codec: 5 })
  t.throws(() => decodeRecords(bytes, [], 0, where), {
    code: 'FORMAT_UNSUPPORTED',
    message: /offset 7 of events\/3 is compressed with codec 5, .* use gzip, snappy, lz4 or zstd/,
  })
})
