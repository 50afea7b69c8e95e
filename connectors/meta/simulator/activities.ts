import { chance } from '../../../plugins/simulator/random.ts'
import type { AdAccount } from '../../../plugins/simulator/world/port.ts'
import type { Call } from './call.ts'
import { invalid } from './refused.ts'
import { graphTime, type Shown } from './shown.ts'
import type { Level, Store } from './store.ts'
import { unitOf } from './units.ts'

/** An entry of the change history. */
export interface Activity {
  /** UTC microseconds, whole seconds. */
  readonly at: number
  readonly type: string
  readonly level: Level
  readonly id: string
  readonly actor: string
  readonly app: string
  readonly before: unknown
  readonly after: unknown
}

const TYPES: Readonly<Record<string, string>> = {
  'campaign status': 'update_campaign_run_status',
  'campaign daily_budget': 'update_campaign_budget',
  'adset status': 'update_ad_set_run_status',
  'adset daily_budget': 'update_ad_set_budget',
  'adset bid_amount': 'update_ad_set_bidding',
  'adset bid_strategy': 'update_ad_set_bid_strategy',
  'ad status': 'update_ad_run_status',
}
const OLD_NAMES: Readonly<Record<Level, string>> = {
  campaign: 'CAMPAIGN_GROUP',
  adset: 'CAMPAIGN',
  ad: 'ADGROUP',
}
const SECOND_US = 1_000_000
const DAY_US = 86_400 * SECOND_US

/** What happened to an account up to a time, newest first: before the simulation, and in it. */
export function activitiesOf(account: AdAccount, store: Store, now: number): Activity[] {
  const found: Activity[] = []
  for (const node of [...store.level(account, 'campaign'), ...store.level(account, 'adset')]) {
    const random = chance(store.world.seed, 'meta activity', node.id)
    const at = (micros: number) => Math.floor(micros / SECOND_US) * SECOND_US
    const created = at(node.campaign.createdAt)
    const common = {
      level: node.level,
      id: node.id,
      actor: `10000${random.between(1, 4)}`,
      app: 'Ads Manager',
    }
    const type = node.level === 'campaign' ? 'create_campaign_group' : 'create_ad_set'
    found.push({ ...common, at: created, type, before: null, after: null })
    const { daily_budget } = store.before(node)
    if (daily_budget === null) continue
    const unit = unitOf(account.currency)
    const before = Math.max(1, Math.floor((daily_budget / unit) * random.pick([0.5, 0.8, 1.25]))) * unit
    const changed = at(node.campaign.createdAt + random.next() * 100 * DAY_US)
    found.push({
      ...common,
      at: changed,
      type: TYPES[`${node.level} daily_budget`]!,
      before,
      after: daily_budget,
    })
  }
  for (const change of store.changes.all) {
    const node = store.node(change.id)
    if (node?.account !== account) continue
    const type = TYPES[`${node.level} ${change.field}`] ?? `update_${node.level}_${change.field}`
    const at = Math.floor(change.at / SECOND_US) * SECOND_US
    const { before, after, actor } = change
    found.push({ at, type, level: node.level, id: node.id, actor, app: 'Graph API', before, after })
  }
  return found.filter(({ at }) => at <= now).sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1))
}

/** Those within `since` and `until`; the last week where nothing is asked. @throws Refused */
export function within(call: Call, all: readonly Activity[], now: number): Activity[] {
  const until = timeParam(call, 'until') ?? now
  const since = timeParam(call, 'since') ?? until - 7 * DAY_US
  return all.filter(({ at }) => at >= since && at <= until)
}

export function activityShown(activity: Activity, account: AdAccount): Shown {
  const { at, type, level, id, actor, app } = activity
  return {
    event_time: graphTime(at, 'UTC'),
    date_time_in_timezone: graphTime(at, account.zone),
    event_type: type,
    translated_event_type: type.replaceAll('_', ' '),
    object_id: id,
    object_type: OLD_NAMES[level],
    actor_id: actor,
    actor_name: `Person ${actor}`,
    application_name: app,
    extra_data: extraOf(activity, account.currency),
  }
}

/** Budgets have the value within an object, in minor units. */
function extraOf({ type, before, after }: Activity, currency: string): string {
  if (!/_budget$/.test(type)) return JSON.stringify({ old_value: before, new_value: after })
  const unit = unitOf(currency)
  return JSON.stringify({
    old_value: { old_value: Number(before) / unit, type: 'Per day' },
    new_value: { new_value: Number(after) / unit, type: 'Per day' },
  })
}

function timeParam(call: Call, name: string): number | null {
  const text = call.params[name]
  if (text === undefined) return null
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text)
  if (Number.isNaN(ms)) throw invalid(`Param ${name} must be a time`)
  return ms * 1000
}
