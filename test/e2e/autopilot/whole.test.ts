import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { send } from '../../../engine/command/send.ts'
import { logName } from '../../../engine/connect/connections.ts'
import { Execution } from '../../../engine/execute/execution.ts'
import { Engine } from '../../../engine/runtime/engine.ts'
import { openStores, type Stores } from '../../../engine/runtime/stores.ts'
import { app } from '../../../stratum.ts'
import { signing } from '../../pipelines/autopilot/account.ts'
import { GATE, GOOD, withGate } from '../../pipelines/autopilot/gate.ts'
import { engineOptions, standard } from '../../support/engine.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { platforms } from '../connectors/ledgers.ts'

const MINUTE_US = 60_000_000
const TENANT = 'acme'
const ADS = { meta: 'meta', 'google-ads': 'google', tiktok: 'tiktok', snapchat: 'snapchat' } as const

t.setTimeout(600_000)

interface Row {
  readonly platform: string
  readonly account_id: string
  readonly campaign_id: string
  readonly budget_micros: number | null
  readonly status: string
}

// From a platform's own words to a change on it, by the whole program: only the gate's scores are the test's.
t.test(
  'a person approves: each platform has the new budget once, and takes the pause and its rollback',
  async t => {
    const clock = { at: Date.parse('2026-04-15T09:30:00Z') * 1000 }
    const all = await platforms(3, () => clock.at)
    t.teardown(() => Promise.all([...all.values()].map(platform => platform.close())))
    const release = withGate(app({ ...standard, signing }))
    const options = engineOptions(join(temporaryFolder(t), 'data'), {
      clock: () => clock.at,
      signing,
      secretKeys: Buffer.alloc(32, 1).toString('base64'),
    })
    const stores = await openStores(release, options)
    const engine = new Engine(stores)
    await engine.start()
    const executed: string[] = []
    const execution = Execution.begin({
      engine,
      spec: release.executors!,
      tell: event => void executed.push(event.what === 'trouble' ? String(event.error) : event.what),
    })
    t.teardown(async () => {
      await execution.stop()
      await engine.stop()
      await stores.close()
    })
    const { connections } = await stores.connect()
    const sourceOf = (id: string) => release.sources.find(source => source.id === id)!
    const sync = async (id: string) => {
      const connection = await connections.get(TENANT, id)
      await engine.sync({
        source: sourceOf(id),
        config: await connections.config(connection),
        tenant: TENANT,
        clockMode: 'live',
        signal: new AbortController().signal,
        maxTries: 3,
        connection: logName(connection),
      })
      await engine.drain()
    }
    for (const id of Object.keys(ADS)) {
      const source = sourceOf(id)
      await connections.add(
        {
          tenant: TENANT,
          name: id,
          source: id,
          config: all.get(id)!.config,
          schedule: 'manual',
          timezone: 'UTC',
          nextRunAt: null,
        },
        source.spec,
      )
      await sync(id)
    }
    const ask = (command: string, body: unknown, reason: string | null = null) =>
      give(stores, command, body, reason)
    const warehouse = await stores.warehouse()
    t.teardown(() => warehouse.close())
    const campaigns = async (platform: string): Promise<Row[]> =>
      await warehouse.query<Row>(
        `SELECT platform, account_id, campaign_id, toFloat64(budget_micros) AS budget_micros, status FROM stratum.campaigns_current WHERE platform = '${platform}' ORDER BY campaign_id`,
      )

    for (const [id, platform] of Object.entries(ADS)) {
      await ask(GATE, GOOD)
      const chosen = (await campaigns(platform)).find(
        row => row.status === 'ACTIVE' && (row.budget_micros ?? 0) > 0,
      )
      if (chosen === undefined) {
        t.fail(`${platform} has no active campaign with a budget`)
        continue
      }
      const entity = `${platform}:${chosen.account_id}:${chosen.campaign_id}`
      const to = Math.floor(Number(chosen.budget_micros) / 1e6) - 1
      const queued = await ask('autopilot.queue', { entity, action: 'BUDGET_DECREASE', to })
      t.match(queued, { accepted: true }, `${platform}: queued`)
      const budget = JSON.parse(queued.body) as { action_id: string }
      t.match(
        await ask('autopilot.approve', { action_id: budget.action_id }),
        { accepted: true },
        queued.body,
      )
      await ended(stores, 0)
      clock.at += MINUTE_US
      await sync(id)
      const after = (await campaigns(platform)).find(row => row.campaign_id === chosen.campaign_id)!
      t.equal(Number(after.budget_micros), to * 1e6, `${platform}: the budget is what was approved`)

      await ask(GATE, GOOD)
      const pause = JSON.parse((await ask('autopilot.queue', { entity, action: 'CAMPAIGN_PAUSE' })).body) as {
        action_id: string
      }
      await ask('autopilot.approve', { action_id: pause.action_id })
      await ended(stores, 0)
      clock.at += MINUTE_US
      await sync(id)
      const paused = (await campaigns(platform)).find(row => row.campaign_id === chosen.campaign_id)!
      t.equal(paused.status, 'PAUSED', `${platform}: it is paused`)

      await ask(GATE, GOOD)
      const back = await ask('autopilot.rollback', { action_id: budget.action_id }, 'it was a mistake')
      t.match(back, { accepted: true }, back.body)
      await ended(stores, 0)
      clock.at += MINUTE_US
      await sync(id)
      const restored = (await campaigns(platform)).find(row => row.campaign_id === chosen.campaign_id)!
      t.equal(Number(restored.budget_micros), Number(chosen.budget_micros), `${platform}: as it was`)
    }
    await engine.drain()
    t.match(await warehouse.query('SELECT state, count() AS n FROM stratum.actions_current GROUP BY state'), [
      { state: 'APPLIED', n: 12 },
    ])
    t.notOk(
      executed.some(what => what === 'forged'),
      executed.join(', '),
    )
  },
)

async function give(stores: Stores, command: string, body: unknown, reason: string | null) {
  const ask = { tenant: TENANT, command, actor: 'anna', role: 'ADMIN', reason, body }
  return send(stores, ask, AbortSignal.timeout(60_000))
}

/** Until no action waits for an executor any more. */
async function ended(stores: Stores, left: number): Promise<void> {
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(100)) {
    const { body } = await give(stores, 'autopilot.status', {}, null)
    if ((JSON.parse(body) as { approved: number }).approved <= left) return
  }
  throw new Error('nobody has carried the actions out')
}
