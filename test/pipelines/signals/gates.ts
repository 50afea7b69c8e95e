import type { Test } from 'tap'
import type { SignalHealth } from '../../../pipelines/trust/signal-health.ts'

const MINUTE = 60_000_000
const HOUR = 60 * MINUTE
type Gate = SignalHealth['gate_risk_increasing']

/** What the gates of one platform say, evaluation by evaluation, around an outage of its conversions. */
export function gates() {
  /** Each level, and since when: UTC microseconds. */
  const levels: { readonly level: Gate; readonly at: number }[] = []
  const delivery = new Set<Gate>()
  let known: number | null = null
  const since = (level: Gate, from = 0) =>
    levels.find(one => one.level === level && one.at >= from)?.at ?? null

  return {
    look(now: number, row: SignalHealth): void {
      const components = [row.emq, row.freshness, row.variance, row.anomaly]
      const isKnown = (row.score ?? 0) < 70 || components.some(c => c === null || c < 40)
      if (isKnown) known ??= now
      if (levels.at(-1)?.level !== row.gate_risk_increasing)
        levels.push({ level: row.gate_risk_increasing, at: now })
      delivery.add(row.gate_protective_delivery)
    },

    /** It closes when that can be known, and spend caps go on. @param blindFrom since when nothing more was known */
    closes(t: Test, blindFrom: number): void {
      const closed = since('HOLD')
      t.equal(levels[0]?.level, 'PASS', 'it was open')
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
    },

    /** Late data opens it, a level at a time. @param healed when that came */
    opens(t: Test, healed: number): void {
      t.strictSame(
        levels.map(({ level }) => level),
        ['PASS', 'HOLD', 'BLOCK', 'HOLD', 'PASS'],
        'late data heals it',
      )
      const minutes = ((since('PASS', healed) ?? 0) - healed) / MINUTE
      t.ok(
        minutes >= 60 && minutes <= 75,
        `two levels, each when it has been better for half an hour: ${minutes} minutes`,
      )
    },
    since,
  }
}
