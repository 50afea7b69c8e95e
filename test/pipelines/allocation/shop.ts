import { addDays } from '../../../engine/clock/days.ts'
import type { Application } from '../../../engine/stage/topology.ts'
import {
  type AllocationMade,
  allocationKind,
  type ResponseCurve,
  responseCurveKind,
} from '../../../pipelines/allocation/kinds.ts'
import type { CampaignHistory } from '../../../pipelines/allocation/model/history.ts'
import type { AdEntityRecord } from '../../../plugins/records/ad-entity.ts'
import { gate, gates } from '../autopilot/gate.ts'
import { report, told } from '../facts.ts'
import { Row, type RowOptions, type Told } from '../row.ts'

/** The Monday of the first week of every history. */
export const MONDAY = '2026-01-05'
const HOUR_US = 3_600_000_000
export const startOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) * 1000
/** Of the Friday on which a week is settled, counted from the first. */
export const settledAt = (week: number): number => startOf(addDays(MONDAY, 7 * week + 11))

export interface Sold {
  readonly history: CampaignHistory
  readonly account?: string
  /** Of a day, in major units; left out: what the last two weeks spent a day. */
  readonly budget?: number | null
  readonly status?: string
  readonly currency?: string
  readonly change?: Parameters<typeof report>[0]
}

/** A history told day by day as its platform reports it: a seventh of the week on each day, what is left on the last. */
export function reportsOf({ history, account = 'act', currency = 'EUR', change = {} }: Sold): Told[] {
  return history.weeks.flatMap(({ week, spend, result, conversions }) =>
    Array.from({ length: 7 }, (_, day) => {
      const date = addDays(MONDAY, 7 * week + day)
      const part = (amount: number) => {
        const micros = Math.round(amount * 1e6)
        return day < 6 ? Math.floor(micros / 7) : micros - 6 * Math.floor(micros / 7)
      }
      return told.report(
        report({
          event_id: `${history.campaign} ${date}`,
          event_time: startOf(date),
          ingest_time: startOf(date) + 24 * HOUR_US,
          platform: history.platform,
          account_id: account,
          campaign_id: history.campaign,
          date,
          as_of: startOf(date) + 24 * HOUR_US,
          currency,
          spend_micros: part(spend),
          revenue_micros: result === null ? null : part(result),
          conversions_micros: part(conversions),
          ...change,
        }),
      )
    }),
  )
}

/** How a campaign stands on its platform. */
export function standsOf({ history, account = 'act', currency = 'EUR', ...sold }: Sold): Told {
  const [before, last] = history.weeks.slice(-2)
  const spent = ((before?.spend ?? 0) + (last?.spend ?? 0)) / 14
  const budget = sold.budget === undefined ? spent : sold.budget
  const at = startOf(MONDAY)
  const entity: AdEntityRecord = {
    platform: history.platform as AdEntityRecord['platform'],
    level: 'campaign',
    account_id: account,
    campaign_id: history.campaign,
    adset_id: null,
    ad_id: null,
    name: `Campaign ${history.campaign}`,
    status: (sold.status ?? 'ACTIVE') as AdEntityRecord['status'],
    platform_status: null,
    objective: null,
    budget_micros: budget === null ? null : Math.round(budget * 1e6),
    budget_kind: budget === null ? null : 'daily',
    bid_micros: null,
    bid_strategy: null,
    currency,
    zone: 'UTC',
    as_of: at,
  }
  return {
    kind: 'ad_entity',
    value: {
      ...entity,
      tenant_id: 'demo',
      event_id: `stands ${history.campaign}`,
      event_time: at,
      ingest_time: at,
      source: 'meta',
    },
  }
}

/** A change of a campaign's budget as its platform's history tells it. */
export const changeOf = ({ history, account = 'act' }: Sold, date: string, client: string | null): Told => ({
  kind: 'ad_change',
  value: {
    ...{ tenant_id: 'demo', event_id: `change ${history.campaign} ${date}`, source: 'meta' },
    ...{ event_time: startOf(date), ingest_time: startOf(date), platform: history.platform },
    ...{ change_id: `${history.campaign} ${date}`, changed_at: startOf(date), account_id: account },
    ...{ entity: 'campaign', entity_id: history.campaign, field: 'update_campaign_budget' },
    ...{ old_value: null, new_value: null, actor: null, client },
  },
})

/** The tenant's row, whose gates are what `gate` says alone. */
export const open = (more: RowOptions = {}): Promise<Row> =>
  Row.open('tenant', 'facts', { instead: withoutTrust, ...more })

const withoutTrust = (app: Application): Application => ({
  ...app,
  tasks: app.tasks.map(task =>
    task.name === 'tenant'
      ? { ...task, stages: task.stages.map(one => (one.name === 'trust' ? gates : one)) }
      : task,
  ),
})

/** A shop's history whole, its gates, and the tick by which its last week is settled. */
export const shopOf = (sold: readonly Sold[], { week = 11, components = {} } = {}): Told[] => [
  ...sold.map(standsOf),
  ...sold.flatMap(reportsOf),
  gate(settledAt(week), components),
  told.tick(settledAt(week)),
]

export const allocations = (row: Row) => row.of<AllocationMade>(allocationKind)
export const curves = (row: Row) => row.of<ResponseCurve>(responseCurveKind)
