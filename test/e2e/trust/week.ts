import type { Test } from 'tap'
import { type AdMetrics, adMetricsKind } from '../../../pipelines/ad-metrics/stage.ts'
import { type DecisionRecord, decisionKind } from '../../../pipelines/autopilot/kinds.ts'
import { type SignalHealth, signalHealthKind } from '../../../pipelines/trust/signal-health.ts'
import type { AdWorld } from '../../../plugins/simulator/world/port.ts'
import { type EventsByHour, house } from './house.ts'
import { RULES, SETTINGS } from './rules.ts'

export const HOUR = 3_600_000_000
const at = (iso: string): number => Date.parse(iso) * 1000

export const HISTORY_DAYS = 60
/** Everything is connected when the real week begins. Platforms are read every three hours, of which all these are. */
export const CONNECTED = at('2021-01-11T06:00:00Z')
export const BLIND = { from: at('2021-01-12T12:00:00Z'), until: at('2021-01-14T15:00:00Z') }
/** While the gate holds and does not block yet. */
const RULES_AT = at('2021-01-14T04:00:00Z')
export const END = at('2021-01-14T18:00:00Z')

/** What was written. */
export interface Week {
  readonly health: readonly SignalHealth[]
  readonly metrics: readonly AdMetrics[]
  readonly decisions: readonly DecisionRecord[]
}

interface Run {
  readonly world: AdWorld
  readonly shop: EventsByHour
  readonly real: EventsByHour
}

/** From the first sync, which brings what was before, to the end: the same in every run but for the world. */
export async function week(t: Test, { world, shop, real }: Run): Promise<Week> {
  const { tenant, events, sync, tick, command } = await house(t, world, HISTORY_DAYS)
  for (const [hour, records] of shop) if (hour * HOUR < CONNECTED) events(records, CONNECTED)
  let fed = 0
  for (let now = CONNECTED; now < END; now += HOUR) {
    const hour = now / HOUR
    if (now > CONNECTED) for (const hours of [shop, real]) events(hours.get(hour - 1) ?? [], now)
    fed += real.get(hour - 1)?.length ?? 0
    if (hour % 3 === 0) await sync(now)
    if (now === RULES_AT) {
      command(now, 'settings.set', { subject: 'autopilot', change: SETTINGS })
      for (const rule of RULES) command(now, 'rule.set', { rule })
    }
    for (let part = 1; part <= 12; part++) tick(now + (part * HOUR) / 12)
  }
  t.ok(fed > 15_000, `${fed} real events`)
  return {
    health: tenant.of<SignalHealth>(signalHealthKind),
    metrics: tenant.of<AdMetrics>(adMetricsKind),
    decisions: tenant.of<DecisionRecord>(decisionKind),
  }
}
