import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { contentsOf } from '../chaos/inspect.ts'
import { temporaryFolder } from '../support/folder.ts'
import { json, run } from '../support/program.ts'
import { figuresOf } from './figures.ts'
import { absent, csvRows, ROOT, real } from './real.ts'
import { type Pair, pathOf, sessionsBeside } from './sessions.ts'

const DAYS = [11, 12, 13, 14, 15, 16, 17]
const EVENTS = 275_598

const skip = absent('ga4/events_20210111.parquet')
// Three times all events, on a machine that does other things as well.
t.setTimeout(1_200_000)

interface Summary {
  readonly read: number
  readonly written: number
  readonly dead_lettered: number
  readonly repeats: number
}

t.test('the week of the real export, as anybody ingests it', { skip, timeout: 1_200_000 }, async t => {
  const folder = temporaryFolder(t)
  const dir = join(folder, 'data')
  const options = { cwd: ROOT, env: { STRATUM_CLOCK__FIXED: '2026-01-15T12:00:00Z' } }
  const ingest = (path: string, data = dir) =>
    json<Summary>(['ingest', 'ga4', '--set', `path=${path}`, '--tenant', 'demo', '--data', data], options)
  const query = <T>(sql: string) => json<T[]>(['query', sql, '--data', dir], options)

  const summary = await ingest(real('ga4'))

  await t.test('every event once, none refused', async t => {
    t.match(summary, { read: EVENTS, written: EVENTS, dead_lettered: 0, repeats: 0 })
    t.same(
      await query(`SELECT count() AS events, uniqExact(event_id) AS ids, uniqExact(person_key, event_time, event_name) AS keys,
        (SELECT count() FROM stratum.dead_letters) AS refused FROM stratum.events`),
      [{ events: EVENTS, ids: EVENTS, keys: EVENTS, refused: 0 }],
      'by its id, and by what is unique in the export',
    )
    t.match(await run(['verify', '--exactly-once', '--data', dir], options), { code: 0 })
  })

  await t.test('funnel_daily is the derived funnel in every column', async t => {
    const derived = csvRows('ga4/real_export_derived/daily_funnel.csv').filter(row => inWeek(row.date!))
    const found = await query<Record<string, unknown>>('SELECT * FROM stratum.funnel_daily ORDER BY date')
    t.equal(found.length, DAYS.length)
    t.same(
      found.map(({ revenue_micros, currency, tenant_id, source, revision, ...row }) => ({
        ...row,
        date: String(row.date).replaceAll('-', ''),
        revenue_micros,
      })),
      derived.map(({ date, revenue_usd, ...counts }) => ({
        date,
        ...Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, Number(value)])),
        revenue_micros: micros(revenue_usd!),
      })),
    )
    t.same([...new Set(found.map(row => row.currency))], ['USD'])
  })

  await t.test('sessions are the derived sessions', async t => {
    const { pairs, alone, last } = await sessionsBeside(query)
    t.equal(pairs.length, 27_707, 'every derived session of the week, by session id and first second')
    const unequal = (ours: (p: Pair) => unknown, theirs: (p: Pair) => unknown) =>
      pairs.filter(p => ours(p) !== theirs(p))

    await t.test('equal in all: what is said of the session as a whole, and its first event', async t => {
      for (const name of ['session_number', 'source', 'medium', 'device', 'country', 'purchases'] as const)
        t.same(
          unequal(
            p => String(p.ours[name]),
            p => p.derived[name],
          ),
          [],
          name,
        )
      t.same(
        unequal(
          p => p.ours.date.replaceAll('-', ''),
          p => p.derived.date,
        ),
        [],
        'date',
      )
      t.same(
        unequal(
          p => p.ours.revenue_micros,
          p => micros(p.derived.revenue!),
        ),
        [],
        'revenue to the micro',
      )
    })

    await t.test('counts differ only in the 6 sessions that run on after the last file', async t => {
      const cut = pairs.filter(p => Number(p.derived.start_unix) + Number(p.derived.dur_s) > last)
      t.equal(cut.length, 6)
      const seconds = (p: Pair) => String(Math.floor((p.ours.ended_us - p.ours.started_us) / 1_000_000))
      t.same(
        unequal(
          p => String(p.ours.events),
          p => p.derived.events,
        ),
        cut,
        'events: all of the 6 are cut short',
      )
      t.same(
        unequal(seconds, p => p.derived.dur_s),
        cut,
        'duration: the same',
      )
      const views = unequal(
        p => String(p.ours.page_views),
        p => p.derived.page_views,
      )
      t.same([views.length, views.filter(p => !cut.includes(p))], [2, []], 'page_views: two of them')
      for (const name of ['events', 'page_views'] as const)
        t.ok(
          cut.every(p => p.ours[name] <= Number(p.derived[name])),
          `${name}: none has more here`,
        )
    })

    await t.test(
      'landing_path: the derived file takes off one host only, and keeps other addresses whole',
      async t => {
        t.same(
          unequal(
            p => p.ours.landing_path,
            p => pathOf(p.derived.landing_path!),
          ),
          [],
        )
        const whole = unequal(
          p => p.ours.landing_path,
          p => p.derived.landing_path,
        )
        t.ok(whole.every(p => /^https?:\/\//.test(p.derived.landing_path!)))
      },
    )

    await t.test(
      'campaign: where the derived file has none, the first visit may have brought one',
      async t => {
        const other = unequal(
          p => p.ours.campaign ?? '(not set)',
          p => p.derived.campaign,
        )
        t.ok(pairs.length - other.length > 15_000)
        t.same(
          other.filter(p => p.derived.campaign !== '(not set)' || p.ours.session_number !== 1),
          [],
        )
      },
    )

    await t.test('5 sessions began on the day before: there they begin earlier, and have more', async t => {
      t.equal(alone.length, 5)
      t.same([...new Set(alone.map(({ earlier }) => earlier?.date))], ['20210110'])
      t.ok(alone.every(({ ours, earlier }) => Number(earlier!.start_unix) < ours.start_unix))
      t.ok(alone.every(({ ours, earlier }) => Number(earlier!.events) > ours.events))
    })
  })

  const before = await contentsOf(dir)
  await t.test('reading it a second time changes nothing', async t => {
    t.match(await ingest(real('ga4')), { read: 0, written: 0, dead_lettered: 0 })
    t.same(await contentsOf(dir), before)
  })

  const reversed = join(folder, 'reversed')
  mkdirSync(reversed)
  for (const [i, day] of DAYS.entries())
    symlinkSync(
      resolve(ROOT, real(`ga4/events_202101${day}.parquet`)),
      join(reversed, `events_202102${20 - i}.parquet`),
    )

  await t.test('the same days under other names, last day first: all are repeats', async t => {
    t.match(await ingest(reversed), { read: EVENTS, written: 0, dead_lettered: 0, repeats: EVENTS })
    t.same(await contentsOf(dir), before)
  })

  const figures = await figuresOf(dir)
  rmSync(dir, { recursive: true })
  await t.test('last day first into an empty directory: the same figures', async t => {
    t.match(await ingest(reversed), { read: EVENTS, written: EVENTS, dead_lettered: 0, repeats: 0 })
    t.equal(figures.events?.rows, EVENTS)
    t.same(await figuresOf(dir), figures)
  })
})

const inWeek = (date: string) => date >= '20210111' && date <= '20210117'

/** Micros of a decimal amount, without going through a float. */
function micros(amount: string): number {
  const [whole, part = ''] = amount.split('.')
  return Number(whole) * 1_000_000 + Number(part.padEnd(6, '0'))
}
