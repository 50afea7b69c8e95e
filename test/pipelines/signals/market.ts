import { addDays } from '../../../engine/clock/days.ts'
import { type SignalHealth, signalHealthKind } from '../../../pipelines/trust/signal-health.ts'
import { told } from '../facts.ts'
import { Row, type Told } from '../row.ts'
import { dates, shop, startOf } from './shop.ts'

const HOUR = 3_600_000_000
export const MINUTE = 60_000_000
/** Before anything happens: detectors know their series, and the gates are open. */
const HISTORY_DAYS = 62

export const SHOPS = [
  { tenant: 'demo', platform: 'meta', trafficSource: 'facebook' },
  { tenant: 'demo', platform: 'google', trafficSource: 'google' },
  { tenant: 'other', platform: 'meta', trafficSource: 'facebook' },
] as const
const TENANTS = ['demo', 'other']

/** What else happens in an hour. */
export type Also = (date: string, hour: number) => Told[]
export type Look = (now: number, latest: (tenant: string, platform: string) => SignalHealth) => void

export interface MarketOptions {
  /** First day of two months before anything happens. */
  readonly from?: string
  readonly currency?: string
  readonly also?: Also
}

/** Shops in one log: two platforms of a tenant, and another tenant. */
export async function market({ from = '2026-01-01', currency = 'EUR', also = () => [] }: MarketOptions = {}) {
  const row = await Row.open('tenant', 'facts')
  const shops = SHOPS.map(options => ({ ...options, ...shop({ ...options, currency }) }))
  const rows: SignalHealth[] = []
  const last = new Map<string, SignalHealth>()
  const feed = (...batch: Told[]) => {
    for (const { kind, value } of row.feed(...batch)) {
      if (kind !== signalHealthKind.name) continue
      const health = value as unknown as SignalHealth
      rows.push(health)
      last.set(`${health.tenant_id} ${health.platform}`, health)
    }
  }
  const latest = (tenant: string, platform: string) => last.get(`${tenant} ${platform}`)!
  /** A day of all shops, hour by hour. `every`: between two ticks. */
  function go(date: string, { blind = false, every = HOUR, look = (() => {}) as Look } = {}): void {
    for (let h = 0; h < 24; h++) {
      const end = startOf(date) + (h + 1) * HOUR
      for (const s of shops) {
        const batch = s.hour(date, h, { blind: blind && s === shops[0] })
        if (h === 5) batch.push(s.quality(end), ...s.steps(end - HOUR / 2))
        if (h % 3 === 2) batch.push(s.reported(date, end, Math.round((500_000_000 * (h + 1)) / 24)))
        feed(...batch)
      }
      feed(...also(date, h))
      for (let at = end - HOUR + every; at <= end; at += every) {
        feed(...TENANTS.map(tenant => told.tick(at, { tenant_id: tenant })))
        look(at, latest)
      }
    }
  }
  for (const date of dates(from, HISTORY_DAYS - 1)) go(date)
  go(addDays(from, HISTORY_DAYS - 1), { every: 5 * MINUTE })
  return { next: addDays(from, HISTORY_DAYS), go, feed, latest, rows, blindShop: shops[0]! }
}
