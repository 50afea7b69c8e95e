import { randomBytes } from 'node:crypto'
import { SigningKey } from '../../../engine/signing.ts'
import {
  type ActionRecord,
  actionKind,
  type DecisionRecord,
  decisionKind,
} from '../../../pipelines/autopilot/kinds.ts'
import type { AdReportFact } from '../../../pipelines/ingest/facts.ts'
import { standard } from '../../support/engine.ts'
import { ask, command } from '../commands.ts'
import { report, told } from '../facts.ts'
import { Row, type RowOptions, type Told } from '../row.ts'
import { withGate } from './gate.ts'

/** Keys of a test, the same in all of it. */
export const signing = SigningKey.of({ keys: randomBytes(32).toString('base64'), dataDir: null })!

export const US = 1
export const MINUTE = 60_000_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
/** Noon of 2026-02-01 in UTC. */
export const START = Date.UTC(2026, 1, 1, 12) * 1000

export const dayBefore = (n: number, now = START): string =>
  new Date((now - n * DAY) / 1000).toISOString().slice(0, 10)

let n = 0
const id = () => `fact-${++n}`

export interface Campaign {
  readonly id: string
  /** Major units a day. */
  readonly budget?: number
  readonly spend?: number
  readonly revenue?: number
  readonly conversions?: number
  readonly status?: 'ACTIVE' | 'PAUSED'
}

/** How a campaign stands, as its platform says. */
export const stands = ({ id: campaign_id, budget = 100, status = 'ACTIVE' }: Campaign, at = START): Told => ({
  kind: 'ad_entity',
  value: {
    tenant_id: 'demo',
    event_id: id(),
    event_time: at,
    ingest_time: at,
    source: 'meta',
    platform: 'meta',
    level: 'campaign',
    account_id: 'a1',
    campaign_id,
    adset_id: null,
    ad_id: null,
    name: `Campaign ${campaign_id}`,
    status,
    platform_status: null,
    objective: null,
    budget_micros: budget * 1e6,
    budget_kind: 'daily',
    bid_micros: null,
    bid_strategy: null,
    currency: 'EUR',
    zone: 'UTC',
    as_of: at,
  },
})

/** What a campaign did on a day. */
export const did = (campaign: Campaign, date: string, at = START, more: Partial<AdReportFact> = {}): Told =>
  told.report(
    report({
      event_id: id(),
      event_time: Date.parse(`${date}T00:00:00Z`) * 1000,
      ingest_time: at,
      as_of: at,
      date,
      account_id: 'a1',
      campaign_id: campaign.id,
      adset_id: null,
      ad_id: null,
      currency: 'EUR',
      spend_micros: Math.round((campaign.spend ?? 100) * 1e6),
      revenue_micros: Math.round((campaign.revenue ?? 300) * 1e6),
      conversions_micros: Math.round((campaign.conversions ?? 10) * 1e6),
      ...more,
    }),
  )

/** Two weeks of campaigns, up to today. */
export const history = (campaigns: readonly Campaign[], at = START): Told[] => [
  ...campaigns.map(campaign => stands(campaign, at)),
  ...campaigns.flatMap(campaign =>
    Array.from({ length: 14 }, (_, day) => did(campaign, dayBefore(day, at), at)),
  ),
]

/** The tenant's row; its gates are those of `gate`, besides what trust makes of the data. */
export const open = (more: RowOptions = {}): Promise<Row> =>
  Row.open('tenant', 'facts', { settings: { ...standard, signing }, instead: withGate, ...more })

export const decisions = (row: Row): DecisionRecord[] => row.of<DecisionRecord>(decisionKind)
export const actions = (row: Row): ActionRecord[] => row.of<ActionRecord>(actionKind)

export const setRule = (row: Row, rule: unknown) =>
  ask(row, command('rule.set', { rule }, { event_time: START }))
export const set = (row: Row, change: unknown) =>
  ask(row, command('settings.set', { subject: 'autopilot', change }, { event_time: START }))

/** A command at a time. */
export const at = (time: number, name: string, body: unknown, more = {}): Told =>
  command(name, body, { event_time: time, ingest_time: time, ...more })
export { ask }
