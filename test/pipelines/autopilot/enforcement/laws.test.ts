import fc from 'fast-check'
import t from 'tap'
import { enforce } from '../../../../pipelines/autopilot/model/enforcement/enforce.ts'
import type { Facts } from '../../../../pipelines/autopilot/model/enforcement/facts.ts'
import { MODES } from '../../../../pipelines/autopilot/model/enforcement/violation.ts'
import { ACTION_TYPES } from '../../../../pipelines/trust/model/actions.ts'
import { budget, change, day, enable, facts, HOUR, NOW, raise, settings, settled } from '../facts.ts'

const amount = fc.integer({ min: 0, max: 20_000_00 }).map(cents => cents / 100)
const perhaps = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null })
const sums = fc.tuple(perhaps(amount), perhaps(amount), perhaps(fc.integer({ min: 0, max: 50 })))
const given: fc.Arbitrary<Facts> = fc
  .record({
    units: perhaps(amount),
    midnight: perhaps(amount),
    kind: fc.constantFrom('daily' as const, 'lifetime' as const),
    remaining_days: perhaps(fc.integer({ min: 0, max: 40 })),
    days: fc.array(perhaps(sums), { maxLength: 9 }),
    currency: fc.constantFrom('USD', 'JPY', null),
    spent: perhaps(amount),
    age: perhaps(fc.integer({ min: 0, max: 48 })),
    changes: fc.integer({ min: 0, max: 12 }),
    hours: perhaps(fc.integer({ min: -1, max: 9 })),
    reach: perhaps(fc.integer({ min: 0, max: 3000 })),
  })
  .map(g =>
    facts(
      {
        budget: budget(g.units, {
          kind: g.kind,
          remaining_days: g.remaining_days,
          midnight_micros: g.midnight === null ? null : g.midnight * 1e6,
        }),
        days: settled(...g.days.map(found => (found === null ? null : day(...found)))),
        currency: g.currency,
        changed_at: g.hours === null ? null : NOW - g.hours * HOUR,
        reach: g.reach,
      },
      {
        spent_today_micros: g.spent === null ? null : g.spent * 1e6,
        spend_age_hours: g.age,
        changes_today: g.changes,
      },
    ),
  )
const changes = fc
  .tuple(fc.constantFrom(...ACTION_TYPES), amount, amount)
  .map(([type, from, to]) => (/^B/.test(type) ? change(type, from, to) : change(type, 'A', 'B')))
const set = fc
  .record({ limit: perhaps(amount), mode: fc.constantFrom(...MODES), isOn: fc.boolean() })
  .map(({ limit, mode, isOn }) =>
    settings({
      default_mode: mode,
      enforcement_enabled: isOn,
      ...(limit === null ? {} : { daily_spend_limit: limit }),
    }),
  )
const none = { overrides: {}, reverts: false }

t.test('whatever is known, the answer is whole: no NaN, and allowed by the strictest mode only', async t => {
  fc.assert(
    fc.property(changes, given, set, fc.boolean(), (of, known, limits, reverts) => {
      const got = enforce({ change: of, overrides: {}, reverts }, known, limits, NOW)
      const again = JSON.parse(JSON.stringify(got))
      t.same(again, got, 'plain JSON')
      const worst = Math.max(-1, ...got.violations.map(({ mode }) => MODES.indexOf(mode)))
      const isSound = got.violations.every(
        ({ actual, threshold, message }) =>
          (actual === null || Number.isFinite(actual)) &&
          Number.isFinite(threshold) &&
          !/NaN|null|undefined/.test(message),
      )
      return isSound && got.allowed === worst <= 0 && got.requires_confirmation === (worst === 1)
    }),
    { numRuns: 2000 },
  )
})

t.test('a pause is never kept', async () => {
  fc.assert(
    fc.property(
      fc.constantFrom('CAMPAIGN_PAUSE', 'ADSET_PAUSE', 'CREATIVE_PAUSE'),
      given,
      set,
      (type, known, limits) =>
        enforce({ ...none, change: change(type, 'ACTIVE', 'PAUSED') }, known, limits, NOW).violations
          .length === 0,
    ),
  )
})

t.test('a budget that is forbidden is not allowed when it is higher still', async () => {
  fc.assert(
    fc.property(amount, amount, given, set, (a, b, known, limits) => {
      const kinds = (to: number) =>
        new Set(
          enforce({ ...none, change: raise(to, 1) }, known, limits, NOW).violations.map(
            v => `${v.type}${v.subtype}`,
          ),
        )
      const more = kinds(Math.max(a, b))
      return [...kinds(Math.min(a, b))].every(kind => more.has(kind))
    }),
  )
})

t.test(
  'the less is known, the more is violated: but for a pause that is required, and people reached',
  async () => {
    const unknown: readonly ((known: Facts) => Facts)[] = [
      known => ({ ...known, currency: null }),
      known => ({ ...known, budget: { ...known.budget, micros: null } }),
      known => ({ ...known, budget: { ...known.budget, midnight_micros: null } }),
      known => ({ ...known, budget: { ...known.budget, kind: null } }),
      known => ({ ...known, account: { ...known.account, spent_today_micros: null } }),
      known => ({ ...known, account: { ...known.account, spend_age_hours: null } }),
      known => ({ ...known, account: { ...known.account, active: null } }),
      known => ({ ...known, days: settled(day(900, null, 40)) }),
    ]
    const kinds = (known: Facts, limits: ReturnType<typeof settings>) =>
      new Set(
        enforce({ ...none, change: enable }, known, limits, NOW)
          .violations.map(({ type }) => type)
          .filter(type => type !== 'CAMPAIGN_PAUSE_REQUIRED'),
      )
    fc.assert(
      fc.property(given, set, fc.constantFrom(...unknown), (known, limits, forget) => {
        const less = kinds(forget(known), limits)
        return [...kinds(known, limits)].every(type => less.has(type))
      }),
      { numRuns: 1000 },
    )
  },
)
