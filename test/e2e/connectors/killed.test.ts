import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { sources } from '../../../connectors/index.ts'
import { openChdb } from '../../../engine/store/clickhouse.ts'
import { chance } from '../../../plugins/simulator/random.ts'
import { app as make } from '../../../stratum.ts'
import { tableContents } from '../../support/content.ts'
import { standard } from '../../support/engine.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { run, start } from '../../support/program.ts'

const NOW = '2026-04-15T09:30:00.000Z'
const SEED = Number(process.env.STRATUM_TEST_SEED ?? 5)
const KILLS = 10
const READ = ['google-ads', 'meta', 'snapchat', 'tiktok', 'hubspot'] as const
/** Their access tokens end and are renewed; those of the others last until somebody gives a new one. */
const RENEWED: readonly string[] = ['google-ads', 'snapchat', 'hubspot']
const TABLES =
  /^(ad_metrics_daily|ad_demographics_daily|ad_accounts|campaigns|ad_sets|ads|contacts|deals|deal_stages)_current$/

t.setTimeout(600_000)

/** A data directory with a connection to each platform. */
async function connected(dir: string, configs: ReadonlyMap<string, unknown>) {
  const data = join(dir, 'data')
  const key = Buffer.from(`key of these tests ${SEED}`.padEnd(32, '.')).toString('base64')
  const env = { STRATUM_CLOCK__FIXED: NOW, STRATUM_SECRETS__KEYS: key }
  const place = ['--tenant', 'acme', '--data', data]
  for (const [name, config] of configs) {
    const file = join(dir, `${name}.json`)
    writeFileSync(file, JSON.stringify(config))
    const how = ['--settings', file, '--schedule', 'manual', '--no-check']
    const { code, err } = await run(['connections', 'add', name, ...how, ...place], { env })
    if (code !== 0) throw new Error(err)
  }
  const sync = (name: string) => ['connections', 'sync', name, ...place]
  return {
    begin: (name: string) => start(sync(name), { env }),
    sync: (name: string) => run(sync(name), { env }),
    verify: () => run(['verify', '--exactly-once', '--data', data], { env }),
    async tables() {
      const warehouse = await openChdb(data, 'stratum')
      try {
        const all = Object.entries(await tableContents(warehouse, make(standard)))
        return Object.fromEntries(all.filter(([name]) => TABLES.test(name)))
      } finally {
        await warehouse.close()
      }
    },
  }
}

// What an undisturbed reading comes to is held against each simulator's ledger in test/connectors/*/sync.test.ts.
t.test('kill -9 in the middle of syncs, tokens that end and history restated change nothing', async t => {
  t.comment(`STRATUM_TEST_SEED=${SEED}`)
  const platforms = new Map(
    await Promise.all(
      READ.map(async id => {
        const { trial } = sources.find(source => source.id === id)!
        const platform = await (await trial!()).start({ seed: SEED, now: Date.parse(NOW) * 1000 })
        t.teardown(() => platform.close())
        return [id, platform] as const
      }),
    ),
  )
  const configs = new Map([...platforms].map(([id, { config }]) => [id, config]))
  const disturbed = await connected(temporaryFolder(t), configs)
  const random = chance(SEED, 'kills')

  let killed = 0
  for (let n = 0; n < KILLS; n++) {
    const name = READ[n % READ.length]!
    const child = disturbed.begin(name)
    const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
    // Long enough for the program to have begun, short enough to be in the middle.
    await Promise.race([sleep(1500 + random.between(0, 2500)), ended])
    if (child.exitCode === null) {
      child.kill('SIGKILL')
      killed++
    }
    await ended
    const faults = platforms.get(name)!.faults!
    if (RENEWED.includes(name)) faults.expireToken?.()
    if (n < READ.length) faults.restate?.()
  }
  t.ok(killed >= KILLS / 2, `${killed} of ${KILLS} were killed`)

  for (const name of READ) t.match(await disturbed.sync(name), { code: 0 }, name)
  t.match(await disturbed.verify(), { code: 0 })

  const calm = await connected(temporaryFolder(t), configs)
  for (const name of READ) t.match(await calm.sync(name), { code: 0 }, name)
  const [found, wanted] = [await disturbed.tables(), await calm.tables()]
  t.same(found, wanted)
  for (const [table, { rows }] of Object.entries(wanted)) t.ok(Number(rows) > 0, `${table}: ${rows} rows`)
})
