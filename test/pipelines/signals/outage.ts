import type { Test } from 'tap'
import { addDays } from '../../../engine/clock/days.ts'
import type { SignalHealth } from '../../../pipelines/trust/signal-health.ts'
import { type Look, type MarketOptions, MINUTE, market, SHOPS } from './market.ts'
import { startOf } from './shop.ts'

const HOUR = 60 * MINUTE

/** After two months one platform reports no purchases for two days, then finds them; nobody else is held back by it. */
export async function outage(t: Test, options: MarketOptions = {}): Promise<void> {
  const { next, go, feed, latest, rows, blindShop } = await market(options)
  const [first, second, third] = [next, addDays(next, 1), addDays(next, 2)] as const
  for (const { tenant, platform } of SHOPS)
    t.equal(latest(tenant, platform).gate_risk_increasing, 'PASS', `${tenant} ${platform} before`)

  // Spend goes on, purchases are no longer reported.
  const blindFrom = startOf(first)
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
  for (const date of [first, second]) go(date, { blind: true, every: 5 * MINUTE, look })
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
  t.match(latest('demo', 'meta').explanation, new RegExp(`Meta's conversion data ends ${first} 00:00`))

  // The platform finds what it had lost, and goes on.
  const healed = startOf(third)
  feed(...[first, second].map(date => blindShop.found(date, healed)))
  let opened: number | null = null
  go(third, {
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
  const calm = await market(options)
  for (const date of [first, second, third]) calm.go(date, { every: 5 * MINUTE })
  const others = (all: readonly SignalHealth[]) =>
    all.filter(r => r.tenant_id !== 'demo' || r.platform !== 'meta')
  t.ok(others(rows).length > 1000)
  t.same(others(rows), others(calm.rows), 'other platforms and other tenants do not move')
}
