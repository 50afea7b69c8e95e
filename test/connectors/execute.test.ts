import t from 'tap'
import googleAds from '../../connectors/google-ads/index.ts'
import meta from '../../connectors/meta/index.ts'
import snapchat from '../../connectors/snapchat/index.ts'
import tiktok from '../../connectors/tiktok/index.ts'
import { validate } from '../../engine/config/index.ts'
import { sourceContext } from '../../engine/source/context.ts'
import { unlimited } from '../../engine/source/limits/limiter.ts'
import type { Source, SourceConfig } from '../../engine/source/port.ts'
import type { ActionRecord } from '../../pipelines/autopilot/kinds.ts'
import type { AdEntityRecord } from '../../plugins/records/ad-entity.ts'
import { house, made, type Tap } from '../engine/execute/house.ts'
import { Witness } from './witness.ts'

/** Requests that change something, as each platform has them (platforms.md §10). */
const WRITES: readonly (readonly [Source, RegExp])[] = [
  [meta, /^POST \/v[\d.]+\/\d+$/],
  [googleAds, /^POST .*:mutate$/],
  [tiktok, /^POST .*\/update\/$/],
  [snapchat, /^PUT /],
]

/** A simulated platform over HTTP, a witness before it, and an executor that reaches it as a process does. */
async function platformOf(t: Tap, source: Source) {
  const trial = await source.trial!()
  const platform = await trial.start({ seed: 7 })
  t.teardown(() => platform.close())
  const { setting } = platform.address!
  const witness = await Witness.before(t, String(platform.config[setting]))
  const config = validate(source.spec, { ...platform.config, [setting]: witness.url }, 'test') as SourceConfig
  const context = (signal?: AbortSignal) =>
    sourceContext({
      config,
      ...(signal === undefined ? {} : { signal }),
      clock: () => platform.now,
      limiter: unlimited,
      pace: { backOffMs: 1 },
    })
  const entities = async (stream: string) => {
    const all = new Map<string, AdEntityRecord>()
    for await (const { records } of source.read(stream, { ...context(), state: null }))
      for (const record of records as unknown as AdEntityRecord[])
        all.set(`${record.campaign_id} ${record.adset_id} ${record.ad_id}`, record)
    return [...all.values()]
  }
  const h = await house(t, {
    placeOf: async ({ account_id }) =>
      source.accounts(config).includes(account_id) ? { source, connection: 'x', context } : null,
  })
  return { ...h, witness, entities }
}

const STREAMS = { campaign: 'campaigns', adset: 'adsets', ad: 'ads' } as const
type Level = keyof typeof STREAMS

let ids = 0
/** An approved action on something as its records say that it is. */
function actionOn(entity: AdEntityRecord, change: Partial<ActionRecord>): ActionRecord {
  const { platform, level, account_id, campaign_id, adset_id, ad_id, currency } = entity
  return made({
    action_id: `a${++ids}`,
    ...{
      platform: platform as ActionRecord['platform'],
      level,
      account_id,
      campaign_id,
      adset_id,
      ad_id,
      currency,
    },
    ...{ before_micros: null, after_micros: null },
    ...change,
  })
}

const pausing = (entity: AdEntityRecord) =>
  actionOn(entity, { field: 'status', before_status: entity.status, after_status: 'PAUSED' })
const raising = (entity: AdEntityRecord, field: 'budget' | 'bid') => {
  const before_micros = field === 'budget' ? entity.budget_micros : entity.bid_micros
  return actionOn(entity, { field, before_micros, after_micros: before_micros! + 1_000_000 })
}
const same = (a: AdEntityRecord, b: AdEntityRecord) =>
  a.campaign_id === b.campaign_id && a.adset_id === b.adset_id && a.ad_id === b.ad_id

for (const [source, writes] of WRITES)
  t.test(source.id, async t => {
    t.test(
      'status, budget and bid: what records say is found, one request writes, records say it then',
      async t => {
        const h = await platformOf(t, source)
        const done: { action: ActionRecord; level: Level; entity: AdEntityRecord }[] = []
        for (const level of Object.keys(STREAMS) as Level[]) {
          const all = await h.entities(STREAMS[level])
          const active = all.find(({ status }) => status === 'ACTIVE')!
          done.push({ action: pausing(active), level, entity: active })
          // The first have one together with others on Google Ads.
          const budgeted = all.findLast(({ budget_micros }) => budget_micros !== null)
          if (budgeted && budgeted !== active)
            done.push({ action: raising(budgeted, 'budget'), level, entity: budgeted })
          const bidding = all.findLast(({ bid_micros }) => bid_micros !== null)
          if (bidding && bidding !== active)
            done.push({ action: raising(bidding, 'bid'), level, entity: bidding })
        }
        t.equal(h.witness.count(writes), 0)
        h.executor()
        for (const { action } of done) {
          const n = h.fold.results.length
          await h.fold.put(action)
          const result = (await h.results(n + 1))[n]!
          t.match(
            result,
            { action_id: action.action_id, outcome: 'APPLIED', code: null },
            `${action.level} ${action.field}`,
          )
          t.equal(h.witness.count(writes), n + 1, 'written once')
        }
        t.ok(new Set(done.map(({ action }) => action.field)).size === 3, 'all three')
        for (const level of Object.keys(STREAMS) as Level[]) {
          const all = await h.entities(STREAMS[level])
          for (const one of done.filter(({ level: own }) => own === level)) {
            const now = all.find(entity => same(entity, one.entity))!
            const { field, after_micros, after_status } = one.action
            t.equal(
              field === 'status' ? now.status : field === 'budget' ? now.budget_micros : now.bid_micros,
              field === 'status' ? after_status : after_micros,
            )
          }
        }
      },
    )

    t.test(
      'what somebody has changed since is left alone; what was done without an answer is found done',
      async t => {
        const h = await platformOf(t, source)
        const [first, second] = (await h.entities('campaigns')).filter(({ status }) => status === 'ACTIVE')
        h.executor()
        await h.fold.put({ ...pausing(first!), before_status: 'PAUSED', after_status: 'ACTIVE' })
        t.match(await h.results(1), [{ outcome: 'FAILED', code: 'DRIFT', found: { status: 'ACTIVE' } }])
        t.equal(h.witness.count(writes), 0)
        h.witness.loses = writes
        await h.fold.put(pausing(second!))
        t.match((await h.results(2))[1], { outcome: 'APPLIED' })
        const now = (await h.entities('campaigns')).find(entity => same(entity, second!))!
        t.equal(now.status, 'PAUSED')
      },
    )

    t.test(
      'under the kill switch nothing is written, and what may have been is settled by reading',
      async t => {
        const h = await platformOf(t, source)
        const campaign = (await h.entities('campaigns')).find(({ status }) => status === 'ACTIVE')!
        await h.say({})
        h.executor()
        await h.fold.put(pausing(campaign))
        await h.fold.put({ ...pausing(campaign), settle: true })
        t.match(await h.results(1), [
          { outcome: 'NOT_WRITTEN', code: 'SETTLED', found: { status: 'ACTIVE' } },
        ])
        t.equal(h.witness.count(writes), 0)
      },
    )
  })
