import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { CSV, fails, GA4, place } from '../../../engine/cli/commands/place.ts'
import { lines, type Running, start } from '../../../support/program.ts'
import { kafkaMissing, startKafka } from '../../../support/servers/kafka.ts'
import { startWarehouse } from '../../../support/servers/warehouse.ts'

const skip = kafkaMissing() ?? false
const GROUPS = 4
t.setTimeout(580_000)

interface Told {
  readonly topic?: string
  readonly partition?: number
  readonly how?: string
  readonly records?: number
}

interface Around {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/** A running program, its first line and what it logs. */
interface Begun {
  readonly child: Running
  readonly ready: string
  readonly told: Told[]
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

async function begin(t: Test, { cwd, env }: Around, ...args: string[]): Promise<Begun> {
  const child = start(args, { cwd, env: { ...env, STRATUM_LOGGING__LEVEL: 'info' } })
  t.teardown(() => void child.kill('SIGKILL'))
  const told: Told[] = []
  void (async () => {
    for await (const line of lines(child.stderr))
      if (line.startsWith('{')) told.push(JSON.parse(line) as Told)
  })()
  const exit = once(child, 'exit')
  let ready = ''
  for await (const line of lines(child.stdout)) {
    ready = line
    break
  }
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    return (await exit)[0] as number | null
  }
  return { child, ready, told, stop }
}

const restored = (begun: Begun) => begun.told.filter(({ topic, how }) => topic === 'stratum.state' && how)

/** So many rows of ads whose names begin so. */
const spend = (name: string, rows: number) =>
  [
    'date,platform,account_id,campaign_id,ad_id,impressions,clicks,spend,currency',
    ...Array.from({ length: rows }, (_, i) => `2026-01-10,meta,a1,c1,${name}${i},1,1,1.00,USD`),
    '',
  ].join('\n')

t.test('as a user: workers, an API and commands beside them', { skip, timeout: 570_000 }, async t => {
  const [kafka, warehouse] = await Promise.all([startKafka(), startWarehouse()])
  t.teardown(() => Promise.all([kafka.stop(), warehouse.stop()]))
  const env = {
    STRATUM_CLOCK__FIXED: '2026-01-15T12:00:00Z',
    STRATUM_KAFKA__BROKERS: kafka.bootstrap,
    STRATUM_KAFKA__GROUPS: String(GROUPS),
    STRATUM_WAREHOUSE__URL: warehouse.url,
  }
  const house = place(t, env)
  const { json, rows, stratum, cwd } = house
  const around = { cwd, env }
  const ingest = (file: string, tenant: string) =>
    json(
      'ingest',
      'csv',
      '--set',
      `path=${file}`,
      '--set',
      'mapping=generic',
      '--tenant',
      tenant,
      '--data',
      'desk',
    )
  const first = await begin(t, around, 'worker', '--data', 'first')
  t.equal(first.ready, 'ready')

  await t.test('ingest joins the workers, and tells what came of it whoever did the work', async t => {
    t.match(await json('ingest', ...CSV, '--tenant', 'demo', '--data', 'desk'), {
      read: 5,
      written: 4,
      dead_lettered: 1,
      repeats: null,
    })
    t.match(await json('ingest', ...GA4, '--tenant', 'acme', '--data', 'desk'), {
      read: 4,
      written: 3,
      dead_lettered: 1,
    })
  })

  await t.test('what looks into the log', async t => {
    t.same(await rows('query', 'SELECT sum(spend_micros) AS spend FROM ad_metrics_daily_current'), [
      { spend: 37_700_000 },
    ])
    const topics = await json<{ topic: string }[]>('topics')
    t.ok(['stratum.facts', 'stratum.state', 'stratum.groups'].every(n => topics.some(r => r.topic === n)))
    const lag = await json<{ lag: number }[]>('lag')
    t.ok(lag.length > 5 && lag.every(r => r.lag === 0))
    const verdicts = await json<{ records: number; lost: number; doubled: number }[]>(
      'verify',
      '--exactly-once',
    )
    t.ok(verdicts.some(v => v.records > 0) && verdicts.every(v => v.lost === 0 && v.doubled === 0))
    t.same(await json('plan'), [])
    t.same(await json('apply'), [])
    t.equal((await rows('tap', 'facts', '--tenant', 'acme', '--count', '2')).length, 2)
    fails(t, await stratum('tap', 'nothing', '--no-follow'), 2, /there is no topic nothing/)
  })

  await t.test('tap shows what comes while it waits', async t => {
    const tap = house.start(
      'tap',
      'facts',
      '--from',
      'latest',
      '--tenant',
      'late',
      '--count',
      '1',
      '--ndjson',
    )
    t.teardown(() => void tap.kill('SIGKILL'))
    const seen = (async () => {
      for await (const line of lines(tap.stdout)) return JSON.parse(line) as { tenant: string }
      return null
    })()
    // Where it begins depends on when it came: one run each until it has seen one.
    for (let n = 0, done = false; !done && n < 20; n++) {
      house.write('late.csv', spend(`z${n}`, 1))
      await ingest('late.csv', 'late')
      done = await Promise.race([seen.then(() => true), sleep(0, false)])
    }
    t.match(await seen, { tenant: 'late' })
  })

  await t.test('top sees what workers do, not only what runs here', async t => {
    const top = house.start('top', '--every', '1', '--count', '600', '--ndjson')
    t.teardown(() => void top.kill('SIGKILL'))
    let rate = 0
    const watching = (async () => {
      for await (const line of lines(top.stdout)) {
        const { name, records_per_second } = JSON.parse(line) as { name: string; records_per_second: number }
        if (name === 'ad-metrics') rate = Math.max(rate, records_per_second)
        if (rate > 0) break
      }
    })()
    house.write('more.csv', spend('m', 300))
    for (let n = 0; rate === 0 && n < 20; n++) await ingest('more.csv', `top${n}`)
    await watching
    t.ok(rate > 0, `${rate} a second`)
  })

  await t.test('pause reaches the workers, and resume', async t => {
    const paused = await stratum('pause', '--stage', 'ad-metrics')
    t.match(paused, { code: 0, out: /ad-metrics is paused; on hold: task tenant\. Nothing is lost/ })
    fails(t, await stratum('ingest', ...CSV, '--tenant', 'other', '--data', 'desk'), 1, /is paused since/)
    t.match(await stratum('resume', '--stage', 'ad-metrics'), { code: 0, out: /is resumed/ })
    await json('ingest', ...CSV, '--tenant', 'other', '--data', 'desk')
    t.same(
      await rows('query', "SELECT count() AS n FROM ad_metrics_daily_current WHERE tenant_id = 'other'"),
      [{ n: 4 }],
    )
  })

  await t.test('dead letters', async t => {
    const letters = await json<{ id: string; stage: string }[]>('deadletters', 'list')
    const refused = letters.find(l => l.stage === 'normalise')!
    t.ok(refused)
    t.match(await json('deadletters', 'show', refused.id), { stage: 'normalise' })
    await json(
      'deadletters',
      'edit',
      refused.id,
      '--set',
      'data.event_time=1767610000000000',
      '--set',
      'data.event_date=2026-01-05',
    )
    t.match(await json('deadletters', 'replay', refused.id), { replayed: 1 })
    const n = () => rows<{ n: number }>('query', "SELECT count() AS n FROM events WHERE tenant_id = 'acme'")
    while ((await n())[0]!.n < 4) await sleep(200)
  })

  await t.test('the API answers from what workers fill', async t => {
    const api = await begin(t, around, 'api', '--port', '0', '--data', 'api')
    const url = api.ready.slice('ready '.length)
    const answer = await fetch(`${url}/v1/analytics/kpis?from=2026-01-10&to=2026-01-11`, {
      headers: { 'x-tenant-id': 'demo' },
    })
    t.match(await answer.text(), /3770/)
    t.equal(answer.status, 200)
    t.equal(await api.stop(), 0)
  })

  await t.test('kill -9 with the disk intact: only the tail of the state is read', async t => {
    await first.stop('SIGKILL')
    const second = await begin(t, around, 'worker', '--data', 'second')
    await ingest('more.csv', 'tail')
    t.equal(await second.stop(), 0)
    const again = await begin(t, around, 'worker', '--data', 'first')
    while (restored(again).length < GROUPS) await sleep(50)
    t.ok(restored(again).every(r => r.how === 'tail' || r.how === 'current'))
    const tail = restored(again).reduce((sum, r) => sum + r.records!, 0)
    t.equal(await again.stop(), 0)
    rmSync(join(cwd, 'first'), { recursive: true })
    const anew = await begin(t, around, 'worker', '--data', 'first')
    while (restored(anew).length < GROUPS) await sleep(50)
    t.ok(restored(anew).every(r => r.how === 'whole'))
    const whole = restored(anew).reduce((sum, r) => sum + r.records!, 0)
    t.ok(tail > 0 && tail < whole, `${tail} of ${whole}`)
    t.equal(await anew.stop(), 0)
  })
})
