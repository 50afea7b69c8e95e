import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Row } from '../../../engine/cli/kit/index.ts'
import { run } from '../../../pipelines/anomaly/command.ts'
import { recordDetector } from '../../../pipelines/anomaly/model/record.ts'
import { temporaryFolder } from '../../support/folder.ts'

async function scored(t: Test, rows: readonly string[], options = {}): Promise<Row[]> {
  const path = join(temporaryFolder(t), 'series.csv')
  writeFileSync(path, ['timestamp,value', ...rows].join('\n'))
  const found: Row[] = []
  const made = run({
    args: [path],
    options: { detector: 'record', zone: 'UTC', ...options },
    lines: () => {
      throw new Error('it reads no stdin')
    },
    signal: new AbortController().signal,
  })
  for await (const row of made as AsyncIterable<Row>) found.push(row)
  return found
}

const series = <T>(n: number, of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i))
const hour = (i: number) => new Date(Date.UTC(2026, 0, 1, i)).toISOString()

t.test('what programs write for a value they do not have is a gap', async t => {
  const none = ['', 'NaN', 'nan', 'null', 'NULL', 'None', 'NA', 'N/A', 'inf', '-Infinity']
  const before = series(60, i => 5 + 0.5 * (i % 5))
  const values = [...before.map(String), ...none, '12']
  const rows = await scored(
    t,
    values.map((value, i) => `${hour(i)},${value}`),
  )
  t.same(
    rows.slice(60, 60 + none.length).map(({ value, score, alert }) => ({ value, score, alert })),
    none.map(() => ({ value: null, score: null, alert: false })),
  )
  const plain = recordDetector()
  const state = plain.empty(24)
  for (const [i, x] of before.entries()) plain.update(state, x, i % 24)
  t.equal(rows.at(-1)!.score, plain.update(state, 12, (60 + none.length) % 24).z)
})

t.test('days are compared by weekday, in the zone that is asked for', async t => {
  const week = [100, 100, 100, 100, 100, 20, 20]
  const day = (i: number) => new Date(Date.UTC(2026, 0, 5 + i)).toISOString().slice(0, 10)
  const values = series(84, i => week[i % 7]! + (i % 3))
  const detector = recordDetector()
  const state = detector.empty(7)
  const wanted = values.map((x, i) => detector.update(state, x, (i + 1) % 7).z)
  for (const zone of ['UTC', 'America/New_York', 'Asia/Tokyo']) {
    const rows = await scored(
      t,
      values.map((x, i) => `${day(i)},${x}`),
      { zone },
    )
    t.same(
      rows.map(row => row.score),
      wanted,
      zone,
    )
  }
})

t.test('quiet is of the record detector, which then alerts less', async t => {
  const rows = series(400, i => `${hour(i)},${10 + ((i * i * 7) % 13) + (i % 97 === 0 ? 9 : 0)}`)
  const scores = async (options: object) => (await scored(t, rows, options)).map(row => row.score as number)
  const [plain, quiet] = [await scores({}), await scores({ quiet: true })]
  t.ok(plain.every((z, i) => quiet[i]! <= z))
  t.ok(plain.some((z, i) => quiet[i]! < z))
  await t.rejects(scores({ detector: 'zscore', quiet: true }), { code: 'USAGE' })
})

t.test('each detector is asked by its name', async t => {
  const rows = series(80, i => `${hour(i)},${i === 70 ? 90 : 10 + (i % 4)}`)
  const at70 = async (detector: string) => (await scored(t, rows, { detector }))[70]!
  const all = await Promise.all(['record', 'seasonal', 'zscore'].map(at70))
  t.ok(all.every(row => row.alert === true))
})

t.test('times that a zone does not have are told with the zone', async t => {
  // Hours of UTC, said to be of Berlin, whose clocks went from 2 to 3.
  const rows = ['01:30', '02:00', '02:30', '03:00'].map(time => `2026-03-29 ${time},1`)
  await t.rejects(scored(t, rows, { zone: 'Europe/Berlin' }), {
    code: 'RECORD_INVALID',
    message: /line 5: timestamp 2026-03-29 03:00 is before .* --zone \(Europe\/Berlin\)/,
  })
  t.equal((await scored(t, rows)).length, 4)
})
