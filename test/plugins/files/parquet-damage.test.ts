import { Int64, Table, Utf8, vectorFromArray } from 'apache-arrow'
import t from 'tap'
import { ConnectorError } from '../../../plugins/errors.ts'
import { ParquetDecoder } from '../../../plugins/files/parquet/decoder.ts'
import { collect, folder, live, parquetBytes, write } from './support.ts'

const COUNT = 6000
const texts = Array.from({ length: COUNT }, (_, i) => `text ${i} ${(i * 2654435761) % 1e9}`)
const good = parquetBytes(
  new Table({
    id: vectorFromArray(
      texts.map((_, i) => BigInt(i)),
      new Int64(),
    ),
    text: vectorFromArray(texts, new Utf8()),
  }),
  2000,
)

/** Rows read in order, and how it ended. */
async function attempt(decoder: ParquetDecoder, dir: string, bytes: Uint8Array, from = 0) {
  const file = await write(dir, 'a.parquet', bytes)
  let rows = from
  try {
    const parquet = await decoder.open(file, live())
    for await (const { columns, skip, first } of parquet.read(['id', 'text'], from, 500)) {
      if (first + skip !== rows) throw new Error(`row ${first + skip} follows ${rows}`)
      rows = first + columns.length
    }
    return { rows, error: null }
  } catch (error) {
    return { rows, error: error as ConnectorError }
  }
}

t.test('a damaged file is told as such, and the next one is read', async t => {
  const dir = folder(t)
  const decoder = new ParquetDecoder()
  t.teardown(() => decoder.end())
  const damaged: Uint8Array[] = [0, 3, 11, 5000, good.length >> 1, good.length - 1, good.length - 9].map(
    cut => good.subarray(0, cut),
  )
  for (let k = 1; k < 12; k++) {
    const bytes = Uint8Array.from(good)
    bytes.fill(0xa5, (k * good.length) / 12, (k * good.length) / 12 + 40)
    damaged.push(bytes)
  }
  let failed = 0
  for (const bytes of damaged) {
    const { rows, error } = await attempt(decoder, dir, bytes)
    if (error === null) continue
    failed++
    t.equal(error instanceof ConnectorError && error.kind, 'payload', error.message)
    t.match(error.message, `${rows} rows read before`)
    // The same rows come before the fault wherever reading began.
    if (rows > 0)
      t.match(await attempt(decoder, dir, bytes, rows - 1), { rows, error: { message: error.message } })
    t.same(await attempt(decoder, dir, good), { rows: COUNT, error: null })
  }
  t.ok(failed >= 12, `${failed} of ${damaged.length} are seen to be damaged`)
})

t.test('stopping early and aborting leave nothing behind', async t => {
  const file = await write(folder(t), 'a.parquet', good)
  const decoder = new ParquetDecoder()
  t.teardown(() => decoder.end())
  for await (const batch of (await decoder.open(file, live())).read(['id'], 0, 100)) {
    t.equal(batch.columns.length, 100)
    break
  }
  t.equal((await collect((await decoder.open(file, live())).read(['id'], 0, 1000))).length, 6)
  const stop = new AbortController()
  const rows = (await decoder.open(file, stop.signal)).read(['id'], 0, 100)
  await rows.next()
  stop.abort(new Error('stopped'))
  await t.rejects(collect(rows), /stopped/)
})
