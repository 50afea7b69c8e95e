import type { Test } from 'tap'
import { addDays } from '../../../engine/clock/days.ts'
import type { SignalHealth } from '../../../pipelines/trust/signal-health.ts'
import { gates } from './gates.ts'
import { type Look, type MarketOptions, MINUTE, market, SHOPS } from './market.ts'
import { startOf } from './shop.ts'

/** After two months one platform reports no purchases for two days, then finds them; nobody else is held back by it. */
export async function outage(t: Test, options: MarketOptions = {}): Promise<void> {
  const { next, go, feed, latest, rows, blindShop } = await market(options)
  const [first, second, third] = [next, addDays(next, 1), addDays(next, 2)] as const
  for (const { tenant, platform } of SHOPS)
    t.equal(latest(tenant, platform).gate_risk_increasing, 'PASS', `${tenant} ${platform} before`)

  // Spend goes on, purchases are no longer reported.
  const meta = gates()
  const look: Look = (now, latest) => meta.look(now, latest('demo', 'meta'))
  for (const date of [first, second]) go(date, { blind: true, every: 5 * MINUTE, look })
  meta.closes(t, startOf(first))
  t.match(latest('demo', 'meta').explanation, new RegExp(`Meta's conversion data ends ${first} 00:00`))

  // The platform finds what it had lost, and goes on.
  const healed = startOf(third)
  feed(...[first, second].map(date => blindShop.found(date, healed)))
  go(third, { every: 5 * MINUTE, look })
  meta.opens(t, healed)

  // The same without the outage: what others are told does not differ by a byte.
  const calm = await market(options)
  for (const date of [first, second, third]) calm.go(date, { every: 5 * MINUTE })
  const others = (all: readonly SignalHealth[]) =>
    all.filter(r => r.tenant_id !== 'demo' || r.platform !== 'meta')
  t.ok(others(rows).length > 1000)
  t.same(others(rows), others(calm.rows), 'other platforms and other tenants do not move')
}
