import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Row } from '../../../engine/cli/kit/index.ts'
import { run } from '../../../pipelines/forecast/command.ts'
import type { Forecast } from '../../../pipelines/forecast/model/forecast.ts'
import { temporaryFolder } from '../../support/folder.ts'

async function forecast(t: Test, text: string, options = {}): Promise<Forecast> {
  const path = join(temporaryFolder(t), 'series.csv')
  writeFileSync(path, text)
  const made = run({
    args: [path],
    options: { model: 'ses', horizon: 3, ...options },
    lines: () => {
      throw new Error('it reads no stdin')
    },
    signal: new AbortController().signal,
  })
  return (await (made as Promise<Row>)) as unknown as Forecast
}

const day = (i: number) => new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10)
const a = Array.from({ length: 70 }, (_, i) => 100 + 10 * ((5 * i) % 7) + ((37 * i) % 11))
const dated = (rows: readonly (readonly [string, unknown])[]) =>
  ['date,value', ...rows.map(([date, value]) => `${date},${value ?? ''}`)].join('\n')

t.test('month-end points are sums, and the total is the last of them', async t => {
  const made = await forecast(t, dated(a.map((x, i) => [day(i), x])), { model: 'month-end', horizon: 7 })
  t.ok(Math.abs(made.total.mean! - 943.405867) < 1e-6)
  t.same(made.total, {
    mean: made.points[6]!.mean,
    lower: made.points[6]!.lower,
    upper: made.points[6]!.upper,
  })
  t.ok(Math.abs(made.fit.alpha! - 0.068254) < 1e-6)
  t.ok(Math.abs(made.fit.sigma! - Math.sqrt(11.779294)) < 1e-6)
  const plain = await forecast(t, ['value', ...a].join('\n'), { model: 'month-end', horizon: 7 })
  t.same(plain, made, 'the same without dates')
})

t.test('days that month-end does not have are filled; too many, and it has no forecast', async t => {
  const rows = a.map((x, i) => [day(i), x] as const)
  const some = rows.filter((_, i) => i !== 30)
  const empty = rows.map(([date, x], i) => [date, i === 30 ? null : x] as const)
  const options = { model: 'month-end', horizon: 3 }
  t.same(await forecast(t, dated(some), options), await forecast(t, dated(empty), options))
  const few = await forecast(t, dated(rows.filter((_, i) => i % 5 !== 2)), options)
  t.equal(few.reason, 'MISSING_DAYS')
  t.equal(few.total.mean, null)
})

t.test('each smoothing is asked by its name', async t => {
  const text = ['value', ...a].join('\n')
  const ses = await forecast(t, text, { season: 7 })
  t.equal(ses.season!.length, 7)
  t.notOk('beta' in ses.fit)
  t.ok((await forecast(t, text, { model: 'holt' })).fit.beta! > 0)
  t.equal((await forecast(t, text, { model: 'ewma' })).fit.alpha, 0.2)
  t.equal((await forecast(t, text, { model: 'ewma', alpha: 0.5 })).fit.alpha, 0.5)
})

t.test('bad input is refused with its line', async t => {
  const refused = (text: string, message: RegExp, options = {}) =>
    t.rejects(forecast(t, text, options), { code: 'RECORD_INVALID', message })
  await refused('value\n1\n2\nx\n', /line 4: value "x" is no number/)
  await refused('value\n1\n2\n1e200\n', /line 4: value 1e\+200 is too large/)
  await refused('when,amount\n1,2\n', /line 1: there is no column value; there are: when, amount/)
  await refused('value\n', /there are no rows/)
  await refused('value\n5\n', /ses needs at least 3 values, got 1/)
  await refused('date,value\n2026-01-01,1\n2026-01-02,\n2026-01-03,3\n', /line 3: there is no value/)
  await refused(
    'date,value\n2026-01-01,1\n2026-01-02,2\n2026-01-05,3\n',
    /line 4: there is a gap before 2026-01-05/,
  )
  await refused('date,value\n2026-01-02,1\n2026-01-01,2\n', /line 3: date 2026-01-01 is not after/)
  await refused('date,value\n2026-01-02,1\n2026-01-02,2\n', /line 3: .* one row each/)
  await refused('date,value\n2026-02-30,1\n', /line 2: date "2026-02-30" is no date/)
  await refused('date,value\n2026-01-01 10:00,1\n', /line 2: date .* is no day/, { model: 'month-end' })
  await refused('date,value\n2026-01-01,1\n9999-01-01,1\n', /line 3: .* days after/, { model: 'month-end' })
  await refused(['value', ...a.map((x, i) => (i % 7 === 0 ? -900 : x))].join('\n'), /not positive/, {
    season: 7,
  })
  await t.rejects(forecast(t, 'value\n1', { model: 'month-end', season: 12 }), { code: 'USAGE' })
  await t.rejects(forecast(t, 'value\n1', { alpha: 0.1 }), { code: 'USAGE' })
})

t.test('months are steps although they are not of one length', async t => {
  const months = Array.from({ length: 14 }, (_, i) =>
    new Date(Date.UTC(2025, i, 1)).toISOString().slice(0, 10),
  )
  const made = await forecast(t, dated(months.map((month, i) => [month, i + 1])), { model: 'holt' })
  t.ok(Math.abs(made.points[0]!.mean! - 15) < 1e-6)
})
