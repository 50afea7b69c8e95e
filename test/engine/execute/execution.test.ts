import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { systemClock } from '../../../engine/clock/clock.ts'
import { send } from '../../../engine/command/send.ts'
import { Execution } from '../../../engine/execute/execution.ts'
import { Engine } from '../../../engine/runtime/engine.ts'
import { openStores } from '../../../engine/runtime/stores.ts'
import { engineOptions } from '../../support/engine.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { made } from './house.ts'
import { FakePlatform, sourceOf } from './platform.ts'
import { application } from './small-fold.ts'

t.test('over a real log: commands, leases, connections of tenants, groups of partitions', async t => {
  const platform = new FakePlatform()
  const app = application(sourceOf(platform))
  const stores = await openStores(app, engineOptions(temporaryFolder(t), { clock: systemClock }))
  t.teardown(() => stores.close())
  const engine = new Engine(stores)
  await engine.start()
  t.teardown(() => engine.stop())
  const { signal } = new AbortController()
  const say = async (tenant: string, command: string, body: unknown) =>
    JSON.parse(
      (await send(stores, { tenant, command, body, actor: 'test', role: 'ADMIN', reason: null }, signal))
        .body,
    )
  const { connections } = await stores.connect()
  const connect = (tenant: string, account: string) =>
    connections.add(
      {
        ...{ tenant, name: 'main', source: 'fake', config: { accounts: [account] } },
        ...{ schedule: 'manual', timezone: 'UTC', nextRunAt: null },
      },
      app.sources[0]!.spec,
    )
  await connect('acme', '1')
  await connect('globex', '2')
  // Of partitions of their own.
  const pause = { field: 'status', before_status: 'ACTIVE', after_status: 'PAUSED' } as const
  for (const [tenant, more] of Object.entries({
    acme: {},
    globex: { account_id: '2', ...pause },
    initech: {},
  }))
    await say(tenant, 'test.approve', made({ tenant_id: tenant, action_id: `of-${tenant}`, ...more }))
  const events: string[] = []
  const execution = Execution.begin({
    engine,
    spec: app.executors!,
    tell: event => events.push('action' in event ? `${event.what} ${event.action.action_id}` : event.what),
  })
  t.teardown(() => execution.stop())
  const outcome = async (tenant: string) => {
    for (;;) {
      const said = (await say(tenant, 'test.outcome', {})) as { outcome: string; code: string | null } | null
      if (said) return said.outcome === 'APPLIED' ? said.outcome : said.code
      await sleep(20)
    }
  }
  t.same([await outcome('acme'), await outcome('globex')], ['APPLIED', 'APPLIED'])
  t.same(platform.ledger.sort(), ['budget=60000000', 'status=PAUSED'], 'each once')
  while (!events.includes('unconnected of-initech')) await sleep(20)
  t.notOk(events.includes('ended of-initech'), 'another tenant’s connection is not used')
  t.notOk(events.includes('trouble'))
})
