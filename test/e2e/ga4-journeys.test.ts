import { join, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { openChdb } from '../../engine/store/clickhouse.ts'
import { temporaryFolder } from '../support/folder.ts'
import { json } from '../support/program.ts'
import { inOrder, type Journey, journeysSql, OURS } from './journeys-by-sql.ts'
import { absent, ROOT, real } from './real.ts'

const FILES = [11, 12, 13, 14, 15, 16, 17].map(day => real(`ga4/events_202101${day}.parquet`))
const DAY_US = 86_400_000_000

const skip = absent('ga4/events_20210111.parquet')
t.setTimeout(600_000)

t.test('journeys of the week of the real export, by the preset ga4', { skip, timeout: 600_000 }, async t => {
  const folder = temporaryFolder(t)
  const dir = join(folder, 'data')
  const options = { cwd: ROOT, env: { STRATUM_CLOCK__FIXED: '2026-01-15T12:00:00Z' } }
  const query = <T>(sql: string) => json<T[]>(['query', sql, '--data', dir], options)
  const set = (...change: string[]) =>
    json(['settings', 'journeys', '--tenant', 'demo', ...change, '--data', dir], options)
  const ours = async () => inOrder(await query<Journey>(OURS))

  const warehouse = await openChdb(join(folder, 'other'))
  t.teardown(() => warehouse.close())
  const made = await warehouse.query<Journey>(journeysSql(FILES.map(file => resolve(ROOT, file))))
  const theirs = inOrder(made)

  await set('--set', 'preset=ga4')
  await json(['ingest', 'ga4', '--set', `path=${real('ga4')}`, '--tenant', 'demo', '--data', dir], options)

  await t.test('journeys and paths are those that SQL makes of the files', async t => {
    const found = await ours()
    const known = new Set(theirs)
    t.same(found.filter(journey => !known.has(journey)).slice(0, 3), [])
    // Told by three of them above: a comparison line by line takes minutes.
    t.ok(isDeepStrictEqual(found, theirs))
    t.ok(theirs.length > 20_000)
  })

  const converted = made.filter(journey => journey.closed !== null)
  await t.test('conversion paths with their length and lag', async t => {
    t.same(
      await query(`SELECT length(path) AS length, count() AS journeys FROM stratum.journeys_current WHERE converted
        GROUP BY length ORDER BY length`),
      counts(converted.map(({ path }) => path.length)).map(([length, journeys]) => ({ length, journeys })),
    )
    t.same(
      await query(`SELECT toInt32(floor(lag_days)) AS days, count() AS journeys FROM stratum.journeys_current
        WHERE converted GROUP BY days ORDER BY days`),
      counts(converted.map(({ begun, closed }) => Math.floor((Number(closed) - Number(begun)) / DAY_US))).map(
        ([days, journeys]) => ({ days, journeys }),
      ),
    )
  })

  await t.test('every model shares out the same: each purchase, and what it brought', async t => {
    const total = (of: (journey: Journey) => number) =>
      converted.reduce((sum, journey) => sum + of(journey), 0)
    const conversions = total(journey => Number(journey.conversions))
    const revenue = total(journey => Number(journey.worth))
    const rows = await query<{ model: string; units: number; revenue: number; paths: number }>(
      `SELECT model, dimension, sum(conversion_units) AS units, sum(revenue_micros) AS revenue, sum(first_touch_count) AS paths
        FROM stratum.attribution_daily GROUP BY model, dimension`,
    )
    t.equal(rows.length, 6 * 5 + 4, 'additive by five dimensions, markov by four')
    for (const row of rows)
      t.match(row, { units: conversions * 1e9, revenue, paths: converted.length }, row.model)
  })

  await t.test('Markov was fitted to all of them', async t => {
    const nulls = made.length - converted.length
    const fits = await query<{ states: number; conversions: number; nulls: number }>(
      `SELECT states, conversions, nulls FROM stratum.attribution_models_current WHERE model = 'markov'`,
    )
    t.equal(fits.length, 4)
    for (const { states, ...fit } of fits) {
      t.match(fit, { nulls })
      t.ok(states > 1)
    }
  })

  await t.test('the other preset cuts them anew, and back again they are what they were', async t => {
    await set('--unset', 'preset')
    const known = new Set(theirs)
    t.ok(
      (await ours()).some(journey => !known.has(journey)),
      'by channel',
    )
    await set('--set', 'preset=ga4')
    t.ok(isDeepStrictEqual(await ours(), theirs))
  })
})

/** How many of each, in rising order. */
function counts(numbers: readonly number[]): [number, number][] {
  const found = new Map<number, number>()
  for (const number of numbers) found.set(number, (found.get(number) ?? 0) + 1)
  return [...found].sort(([a], [b]) => a - b)
}
