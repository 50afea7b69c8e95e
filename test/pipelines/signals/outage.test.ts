import t from 'tap'
import { type SignalHealth, signalHealthKind } from '../../../pipelines/trust/signal-health.ts'
import { told } from '../facts.ts'
import { Row, type Told } from '../row.ts'
import { dates, shop, startOf } from './shop.ts'

const HOUR = 3_600_000_000
const MINUTE = 60_000_000

const SHOPS = [
  { tenant: 'demo', platform: 'meta', trafficSource: 'facebook' },
  { tenant: 'demo', platform: 'google', trafficSource: 'google' },
  { tenant: 'other', platform: 'meta', trafficSource: 'facebook' },
] as const
const TENANTS = ['demo', 'other']

t.setTimeout(200_000)

type Look = (now: number, latest: (tenant: string, platform: string) => SignalHealth) => void

/** Shops in one log: two platforms of a tenant, and another tenant. */
async function market() {
  const row = await Row.open('tenant', 'facts')
  const shops = SHOPS.map(options => ({ ...options, ...shop(options) }))
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
      for (let at = end - HOUR + every; at <= end; at += every) {
        feed(...TENANTS.map(tenant => told.tick(at, { tenant_id: tenant })))
        look(at, latest)
      }
    }
  }
  for (const date of dates('2026-01-01', 61)) go(date)
  go('2026-03-03', { every: 5 * MINUTE })
  return { go, feed, latest, rows, blindShop: shops[0]! }
}

t.test('a platform that goes blind is not trusted with ROAS, and nobody else is held back', async t => {
  const { go, feed, latest, rows, blindShop } = await market()
  for (const { tenant, platform } of SHOPS)
    t.equal(latest(tenant, platform).gate_risk_increasing, 'PASS', `${tenant} ${platform} before`)

  // Spend goes on, purchases are no longer reported.
  const blindFrom = startOf('2026-03-04')
  let known: number | null = null
  let closed: number | null = null
  const delivery = new Set<string>()
  const look: Look = (now, latest) => {
    const meta = latest('demo', 'meta')
    const isKnown = [meta.emq, meta.freshness, meta.variance, meta.anomaly].some(c => c === null || c < 40)
    if (isKnown) known ??= now
    if (meta.gate_risk_increasing !== 'PASS') closed ??= now
    delivery.add(meta.gate_protective_delivery)
  }
  for (const date of ['2026-03-04', '2026-03-05']) go(date, { blind: true, every: 5 * MINUTE, look })
  t.not(closed, null, 'it closes')
  t.ok(
    known !== null && closed! - known <= MINUTE,
    'within a minute of the first evaluation that can know it',
  )
  t.ok(
    closed! - blindFrom <= 39 * HOUR,
    `${(closed! - blindFrom) / HOUR} h after the platform knew nothing more`,
  )
  t.strictSame([...delivery], ['PASS'], 'a spend cap acts all the time')
  t.match(latest('demo', 'meta').explanation, /Meta's conversion data ends 2026-03-04 00:00/)

  // The platform finds what it had lost, and goes on.
  const healed = startOf('2026-03-06')
  feed(...['2026-03-04', '2026-03-05'].map(date => blindShop.found(date, healed)))
  let opened: number | null = null
  go('2026-03-06', {
    every: 5 * MINUTE,
    look: (now, latest) => {
      if (latest('demo', 'meta').gate_risk_increasing === 'PASS') opened ??= now
    },
  })
  t.not(opened, null, 'late data heals it')
  const minutes = (opened! - healed) / MINUTE
  t.ok(
    minutes >= 60 && minutes <= 75,
    `two levels, each when it has been better for half an hour: ${minutes} minutes`,
  )

  // The same without the outage: what others are told does not differ by a byte.
  const calm = await market()
  for (const date of ['2026-03-04', '2026-03-05', '2026-03-06']) calm.go(date, { every: 5 * MINUTE })
  const others = (all: readonly SignalHealth[]) =>
    all.filter(r => r.tenant_id !== 'demo' || r.platform !== 'meta')
  t.ok(others(rows).length > 1000)
  t.same(others(rows), others(calm.rows), 'other platforms and other tenants do not move')
})
