import fc from 'fast-check'
import t from 'tap'
import {
  applied,
  emptyLedger,
  type Need,
  release,
  reserve,
} from '../../../../pipelines/autopilot/model/blast/ledger.ts'
import { type BlastLimits, fits, room } from '../../../../pipelines/autopilot/model/blast/room.ts'
import { HOUR, NOW } from '../facts.ts'

/** Few campaigns, and money near its limits, so that they are met. */
const needs: fc.Arbitrary<Need> = fc.record({
  campaign: fc.integer({ min: 0, max: 6 }).map(i => `meta:a1:c${i}`),
  money_micros: fc.integer({ min: 0, max: 40 }),
  is_increase: fc.boolean(),
})
type Step = readonly [
  what: 'ask' | 'person' | 'apply' | 'late' | 'holdout' | 'release' | 'wait' | 'limit',
  need: Need,
  n: number,
]
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(
    fc.constantFrom(
      ...([
        'ask',
        'ask',
        'ask',
        'ask',
        'person',
        'apply',
        'apply',
        'late',
        'holdout',
        'release',
        'wait',
        'limit',
      ] as const),
    ),
    needs,
    fc.nat(1000),
  ),
  { minLength: 1, maxLength: 120, size: 'max' },
)

/** The same kept naively: all that was ever approved, with when it was written. */
interface Was {
  readonly id: string
  readonly need: Need
  readonly by: 'autopilot' | 'person'
  readonly approvedAt: number
  writtenAt: number | null
  isReleased: boolean
  readonly limits: { readonly campaigns: number; readonly money: number; readonly increases: number }
  /** Those before it that count with it: written less than so long before, or not yet. */
  readonly day: readonly Need[]
  readonly hour: readonly Need[]
}

const active = 30
const mean = 1000
/** Runs a sequence; @returns what was approved, and how many entries the ledger had at most beside those that count. */
function run(sequence: readonly Step[]) {
  const ledger = emptyLedger()
  const all: Was[] = []
  let now = NOW
  let limits: BlastLimits = { entities_pct: 10, money_pct: 15, increases_per_hour: 3, window_hours: 24 }
  let spare = 0
  let refused = 0
  const approve = (need: Need, by: Was['by']): Was => {
    const id = `a${all.length}`
    reserve(ledger, id, need, limits.window_hours, now)
    const most = {
      campaigns: Math.max(1, Math.floor((active * limits.entities_pct) / 100)),
      money: Math.floor((mean * limits.money_pct) / 100),
      increases: limits.increases_per_hour,
    }
    const [day, hour] = [24, 1].map(hours =>
      all
        .filter(one => !one.isReleased && (one.writtenAt === null || one.writtenAt > now - hours * HOUR))
        .map(one => one.need),
    ) as [Need[], Need[]]
    const was: Was = {
      ...{ id, need, by, approvedAt: now, writtenAt: null, isReleased: false, limits: most, day, hour },
    }
    all.push(was)
    spare = Math.max(spare, Object.keys(ledger.entries).length - day.length - 1)
    return was
  }
  const write = (was: Was, at: number) => {
    applied(ledger, was.id, at)
    // A clock that is behind does not make it earlier than it was approved.
    was.writtenAt = Math.max(at, was.approvedAt)
  }
  for (const [what, need, n] of sequence) {
    const open = all.filter(was => was.writtenAt === null && !was.isReleased)
    const one = open[n % Math.max(1, open.length)]
    if (what === 'wait') now += Math.floor((n / 1000) * 30 * HOUR)
    else if (what === 'limit') limits = { ...limits, money_pct: 5 + (n % 20), increases_per_hour: n % 5 }
    else if (what === 'person') approve(need, 'person')
    else if (what === 'ask' || what === 'holdout') {
      const has = fits(
        room(ledger, limits, { active_campaigns: active, mean_micros: mean, is_fresh: true }, need, now),
      )
      if (!has) refused++
      else {
        const was = approve(need, 'autopilot')
        if (what === 'holdout') write(was, now)
      }
    } else if (one !== undefined) {
      if (what === 'apply') write(one, now)
      if (what === 'late') write(one, now - (n * HOUR) / 50)
      if (what === 'release') {
        release(ledger, one.id)
        one.isReleased = true
      }
    }
  }
  return { all, spare, refused }
}

t.test('no automatic approval takes one action or one micro too many, whatever came before', async t => {
  let refusals = 0
  let approvals = 0
  fc.assert(
    fc.property(steps, sequence => {
      const { all, refused } = run(sequence)
      refusals += refused
      for (const last of all.filter(({ by }) => by === 'autopilot')) {
        approvals++
        const { need, day, hour } = last
        const { campaigns, money, increases } = last.limits
        const touched = new Set(day.map(one => one.campaign))
        if (!touched.has(need.campaign) && touched.size + 1 > campaigns) return false
        const sum = day.reduce((total, one) => total + one.money_micros!, need.money_micros!)
        if (need.money_micros! > 0 && sum > money) return false
        if (need.is_increase && hour.filter(one => one.is_increase).length + 1 > increases) return false
      }
      return true
    }),
    { numRuns: 1500 },
  )
  t.ok(refusals > 1000 && approvals > 1000, `${refusals} refused, ${approvals} approved`)
})

t.test('any 24 hours and any hour of what the autopilot wrote are within the limits', async t => {
  let written = 0
  fc.assert(
    fc.property(steps, sequence => {
      // One limit, and nobody else: then it holds for all that is written, however late.
      const { all } = run(sequence.filter(([what]) => what !== 'limit' && what !== 'person'))
      const done = all.filter(one => one.writtenAt !== null)
      written += done.length
      return done.every(({ writtenAt: end }) => {
        const inside = (hours: number) =>
          done.filter(one => one.writtenAt! <= end! && one.writtenAt! > end! - hours * HOUR)
        const day = inside(24)
        return (
          new Set(day.map(one => one.need.campaign)).size <= 3 &&
          day.reduce((total, one) => total + one.need.money_micros!, 0) <= 150 &&
          inside(1).filter(one => one.need.is_increase).length <= 3
        )
      })
    }),
    { numRuns: 1500 },
  )
  t.ok(written > 1000, `${written} written`)
})

t.test('a thousand matches in one moment', async t => {
  const ledger = emptyLedger()
  const limits = { entities_pct: 10, money_pct: 15, increases_per_hour: 5, window_hours: 24 }
  const tenant = { active_campaigns: 1000, mean_micros: 1e9, is_fresh: true }
  let approved = 0
  for (let i = 0; i < 1000; i++) {
    const need: Need = { campaign: `meta:a1:c${i}`, money_micros: 1_000_001, is_increase: i % 2 === 0 }
    // A restart in between: the state is plain JSON.
    const again = JSON.parse(JSON.stringify(ledger)) as typeof ledger
    if (!fits(room(again, limits, tenant, need, NOW))) continue
    reserve(ledger, `a${i}`, need, 24, NOW)
    approved++
  }
  // 5 increases, then what protects until 150 million micros are used or 100 campaigns.
  t.equal(approved, 100)
})

t.test('what no longer counts is dropped', async () => {
  fc.assert(
    fc.property(steps, sequence => run(sequence).spare <= 0),
    { numRuns: 500 },
  )
})
