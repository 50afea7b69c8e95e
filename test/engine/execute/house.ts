import { setTimeout as sleep } from 'node:timers/promises'
import { Codec } from '../../../engine/codec/codec.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'
import { Approved } from '../../../engine/execute/approved.ts'
import type { Clocks } from '../../../engine/execute/deadline.ts'
import { Executor, type ExecutorEvent } from '../../../engine/execute/executor.ts'
import { KillSwitchWatch } from '../../../engine/execute/kill-switch.ts'
import type { PlaceOf } from '../../../engine/execute/places.ts'
import { LmdbLog } from '../../../engine/log/lmdb/log.ts'
import { SigningKey } from '../../../engine/signing.ts'
import { sourceContext } from '../../../engine/source/context.ts'
import { type ActionRecord, actionKind } from '../../../pipelines/autopilot/kinds.ts'
import { type KillSwitch, killSwitchKind } from '../../../pipelines/kill-switch/kinds.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { ScriptedFold } from './fold.ts'
import { FakePlatform, sourceOf } from './platform.ts'

export interface Tap {
  teardown(work: () => unknown): void
}

export const NOW = Date.parse('2026-03-10T12:00:00Z') * 1000
export const ACTIONS = 'stratum.actions'
export const SWITCHES = 'stratum.killswitch'
export const signing = SigningKey.of({ keys: Buffer.alloc(32, 7).toString('base64'), dataDir: null })!

/** An approved action: a budget from 50 to 60. */
export const made = (more: Partial<ActionRecord> = {}): ActionRecord => ({
  ...{ tenant_id: 'acme', event_id: 'e', event_time: NOW, ingest_time: NOW },
  ...{ action_id: 'a1', state: 'APPROVED', revision: 2, platform: 'meta', level: 'campaign' },
  ...{ account_id: '1', campaign_id: '11', adset_id: null, ad_id: null, entity: 'meta:1:11' },
  ...{ type: 'BUDGET_INCREASE', field: 'budget', currency: 'USD' },
  ...{ before_micros: 50_000_000, after_micros: 60_000_000, before_status: null, after_status: null },
  ...{ origin: 'person', rule_id: null, rule_version: null, decision_id: 'd1' },
  ...{ created_at: NOW, created_by: 'anna', expires_at: NOW + 1, approved_by: 'berta' },
  ...{ approved_how: 'person', approved_at: NOW, attempt: 1, lease_holder: null, lease_until: null },
  ...{ settle: false, idempotency_key: 'k1', reverts_action_id: null },
  ...{ code: null, message: null, reason: null },
  ...more,
})

/** A log, a fold that is scripted, a platform, clocks that the test turns, and executors. */
export async function house(t: Tap, { placeOf }: { placeOf?: PlaceOf } = {}) {
  const log = new LmdbLog(temporaryFolder(t))
  const codec = new Codec(await EmbeddedRegistry.open(log))
  for (const name of [ACTIONS, SWITCHES]) await log.ensureTopic({ name, partitions: 2, cleanup: 'compact' })
  for (const kind of [actionKind, killSwitchKind]) await codec.register(kind)
  const time = { wall: NOW, steady: 1_000 }
  const clocks: Clocks = { wall: () => time.wall, steady: () => time.steady }
  const pass = (ms: number) => {
    time.wall += ms * 1000
    time.steady += ms
  }
  const writer = await log.writer('test')
  const append = (topic: string, partition: number, key: string, value: Buffer) =>
    writer.commit({
      appends: [{ topic, partition, records: [{ key: Buffer.from(key), value, time: time.wall }] }],
    })
  const fold = new ScriptedFold({
    signing,
    now: clocks.wall,
    write: record =>
      append(ACTIONS, 0, `${record.tenant_id}\0${record.action_id}`, codec.encode(actionKind, record)),
  })
  const say = (said: Partial<KillSwitch>, partition = 0) => {
    const value: KillSwitch = {
      ...{ tenant_id: 'acme', event_id: 'k', event_time: time.wall, ingest_time: time.wall },
      ...{ engaged: true, reason: null, actor: 'anna', since: time.wall, revision: 1, commands: '[]' },
      ...said,
    }
    return append(SWITCHES, partition, value.tenant_id, codec.encode(killSwitchKind, value))
  }
  const platform = new FakePlatform()
  const source = sourceOf(platform)
  const events: ExecutorEvent[] = []
  const watch = () => {
    const own = new KillSwitchWatch({
      ...{ log, codec, topic: SWITCHES, partitions: 2, steady: clocks.steady, pollMs: 5 },
      tell: error => events.push({ what: 'trouble', error }),
    })
    t.teardown(() => own.stop())
    return own
  }
  const executor = (holder = 'h1', owned: readonly number[] = [0, 1]) => {
    const killSwitch = watch()
    const own = new Executor({
      holder,
      approved: new Approved({ log, codec, topic: ACTIONS, owned: () => owned }),
      killSwitch,
      placeOf:
        placeOf ??
        (async () => ({
          source,
          connection: 'acme/fake/main',
          context: signal => sourceContext({ config: {}, signal, clock: clocks.wall }),
        })),
      command: fold.command,
      verifier: signing,
      clocks,
      pollMs: 5,
      tell: event => events.push(event),
    })
    t.teardown(() => own.stop())
    killSwitch.start()
    own.start()
    return own
  }
  /** In real time: what is waited for comes by itself. */
  const until = async (what: () => unknown) => {
    while (!what()) await sleep(2)
  }
  const results = async (n: number) => {
    await until(() => fold.results.length >= n)
    return fold.results
  }
  t.teardown(() => log.close())
  return {
    log,
    codec,
    fold,
    platform,
    source,
    events,
    time,
    clocks,
    pass,
    say,
    watch,
    executor,
    until,
    results,
  }
}
