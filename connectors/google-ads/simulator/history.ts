import { chance } from '../../../plugins/simulator/random.ts'
import { addDays, dayIn, startOfDay, withOffset } from '../../../plugins/sync/index.ts'
import { campaignName, customerName, type Flat } from './objects.ts'
import type { AccountNode } from './tree.ts'

export interface ChangeEvent {
  /** UTC microseconds. */
  readonly at: number
  readonly command: number
  readonly mutate: number
  /** `CAMPAIGN_BUDGET`, and what it is called where its fields are: `campaignBudget`. */
  readonly type: string
  readonly key: string
  readonly resource: string
  readonly operation: 'CREATE' | 'UPDATE' | 'REMOVE'
  /** lowerCamelCase paths. */
  readonly fields: readonly string[]
  readonly before: object
  readonly after: object
  readonly client: string
  readonly user: string
}

const HOUR_US = 3_600_000_000
const USERS = ['anna@shop.example', 'ben@shop.example'] as const

/** What people changed before the simulator began: campaigns that were paused for an hour. By campaign and day. */
export function pastEvents(node: AccountNode, from: string, to: string, share: number): ChangeEvent[] {
  const events: ChangeEvent[] = []
  for (let day = from; day <= to; day = addDays(day, 1))
    for (const campaign of node.campaigns) {
      const random = chance('change', campaign.campaign.id, day)
      if (random.next() >= share) continue
      const at = startOfDay(day, node.account.zone) + random.between(6 * 3600, 20 * 3600) * 1_000_000
      const user = random.pick(USERS)
      const switched = (at: number, before: string, after: string): ChangeEvent => ({
        at: at + random.between(0, 999_999),
        command: 0,
        mutate: 0,
        type: 'CAMPAIGN',
        key: 'campaign',
        resource: campaignName(campaign),
        operation: 'UPDATE',
        fields: ['status'],
        before: { status: before },
        after: { status: after },
        client: 'GOOGLE_ADS_WEB_CLIENT',
        user,
      })
      events.push(switched(at, 'ENABLED', 'PAUSED'), switched(at + HOUR_US, 'PAUSED', 'ENABLED'))
    }
  return events
}

const flats = new WeakMap<ChangeEvent, Flat>()

/** As the API shows it. */
export function eventFlat(node: AccountNode, event: ChangeEvent): Flat {
  let flat = flats.get(event)
  if (flat === undefined) {
    flat = madeFlat(node, event)
    flats.set(event, flat)
  }
  return flat
}

function madeFlat(node: AccountNode, event: ChangeEvent): Flat {
  const { at, command, mutate, type, key, resource, operation, fields, before, after, client, user } = event
  const micros = String(at % 1_000_000).padStart(6, '0')
  return {
    'change_event.resource_name': `${customerName(node)}/changeEvents/${at}~${command}~${mutate}`,
    'change_event.change_date_time': `${withOffset(at, node.account.zone).slice(0, 19).replace('T', ' ')}.${micros}`,
    'change_event.change_resource_type': type,
    'change_event.change_resource_name': resource,
    'change_event.client_type': client,
    'change_event.user_email': user,
    'change_event.old_resource': { [key]: before },
    'change_event.new_resource': { [key]: after },
    'change_event.resource_change_operation': operation,
    'change_event.changed_fields': fields.join(','),
    'change_event.campaign': type === 'CAMPAIGN' ? resource : null,
    'change_event.ad_group': type === 'AD_GROUP' ? resource : null,
  }
}

/** The last days of which the history tells. */
export const historyDays = (node: AccountNode, now: number, first: string): readonly [string, string] => {
  const today = dayIn(node.account.zone, now)
  const from = addDays(today, -31)
  return [from < first ? first : from, today]
}
