import { type Answer, budget, days, hours, type Part } from '../../../plugins/http/index.ts'
import type { DataApiSettings } from '../settings.ts'

/** Tokens of a property (platforms.md §5.1). Those an hour are one project's share, the smaller of the two. */
const TOKENS = {
  standard: { hour: 14_000, day: 200_000 },
  '360': { hour: 140_000, day: 2_000_000 },
} as const

/** What a small report costs about: what it did cost, the answer says. */
const COST = 10

/** Keeps the tokens of a property; each answer tells what is left of them, others' use included. */
export function quotaOf({ report_property_id, property_tier }: DataApiSettings): Part {
  const { hour, day } = TOKENS[property_tier]
  return budget({
    key: `ga4/property ${report_property_id}`,
    limits: [
      { calls: hour, perMs: hours(1) },
      { calls: day, perMs: days(1) },
    ],
    cost: () => COST,
    told: answer => {
      const left = leftIn(answer)
      return left === null ? undefined : { left }
    },
  })
}

function leftIn(answer: Answer) {
  const quota = quotaIn(answer)
  const of = (name: string) => Number(quota?.[name]?.remaining ?? Number.NaN)
  const known = (values: readonly number[]) => values.filter(n => Number.isSafeInteger(n) && n >= 0)
  const hour = known([of('tokensPerHour'), of('tokensPerProjectPerHour')])
  const day = known([of('tokensPerDay')])
  const left = [
    ...(hour.length > 0 ? [{ calls: Math.min(...hour), perMs: hours(1) }] : []),
    ...day.map(calls => ({ calls, perMs: days(1) })),
  ]
  return left.length > 0 ? left : null
}

type Quota = Readonly<Record<string, { readonly remaining?: unknown } | undefined>>

function quotaIn(answer: Answer): Quota | null {
  if (answer.status !== 200) return null
  try {
    return answer.json<{ propertyQuota?: Quota } | null>()?.propertyQuota ?? null
  } catch {
    return null
  }
}
