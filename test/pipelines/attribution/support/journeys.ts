import fc from 'fast-check'
import type { Journey, Touch } from '../../../../pipelines/attribution/model/journey.ts'

const DAY = 86_400_000_000
export const NOON = 20_454 * DAY + DAY / 2

/** `journey('meta google', { days: [3, 0] })`: a touch for each word; two days apart unless days are given. */
export function journey(
  words: string,
  {
    days,
    conversions = 1,
    valueMicros = 10_000_000,
  }: { days?: readonly number[]; conversions?: number; valueMicros?: number | null } = {},
): Journey {
  const names = words.split(' ')
  const touches = names.map((name, i) => touch(name, NOON - (days?.[i] ?? 2 * (names.length - 1 - i)) * DAY))
  return { touches, closedAt: NOON, conversions, valueMicros: conversions === 0 ? null : valueMicros }
}

function touch(name: string, at: number): Touch {
  return {
    at,
    channel: name,
    source_medium: `${name} / cpc`,
    platform: name.charAt(0),
    campaign: `${name}-1`,
    ad: `${name}-1-1`,
  }
}

const seconds = fc.integer({ min: 0, max: 40 * 86_400 })

/** Any journey: of few keys, with and without conversions and value. */
export const anyJourney: fc.Arbitrary<Journey> = fc
  .record({
    names: fc.array(fc.tuple(fc.constantFrom('ma', 'mb', 'ga', 'gb', 'constructor'), seconds), {
      minLength: 1,
      maxLength: 9,
    }),
    conversions: fc.constantFrom(0, 1, 1, 1, 2),
    valueMicros: fc.option(fc.nat(2_000_000_000)),
  })
  .map(({ names, conversions, valueMicros }) => ({
    touches: names
      .sort(([, a], [, b]) => b - a)
      .map(([name, before]) => touch(name, NOON - before * 1_000_000)),
    closedAt: NOON,
    conversions,
    valueMicros: conversions === 0 ? null : valueMicros,
  }))
