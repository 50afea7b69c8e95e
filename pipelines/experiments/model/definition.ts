/** Who belongs to an arm: who was brought by one of its ads, or ads of its ad sets; or whose events have one of its values. */
export interface ArmDefinition {
  readonly name: string
  readonly control: boolean
  /** Per cent of the people that the split means it to get. */
  readonly split_pct: number
  readonly ads: readonly string[]
  readonly adsets: readonly string[]
  readonly values: readonly string[]
}

/** An experiment as somebody defined it. */
export interface Definition {
  readonly name: string
  readonly description: string
  /** Name of the event that is a conversion. */
  readonly metric: string
  /** Parameter of events whose value says the arm; null: arms are ads. */
  readonly parameter: string | null
  readonly arms: readonly ArmDefinition[]
  readonly confidence_level: number
  readonly power: number
  /** Rate of conversions that is expected of the control, and the smallest change worth finding; null: nobody says. */
  readonly baseline_rate: number | null
  readonly mde: number | null
  readonly mde_type: 'RELATIVE' | 'ABSOLUTE'
  /** Users that each arm has at least. */
  readonly minimum_sample_size: number
}

const TOLERANCE = 0.01

/** Everything that keeps a definition from running; none: it may start. Pure. */
export function problemsOf({ arms, metric, parameter }: Definition): string[] {
  const problems: string[] = []
  const sum = arms.reduce((all, arm) => all + arm.split_pct, 0)
  if (arms.length < 2) problems.push('arms: an experiment has at least two')
  if (arms.filter(arm => arm.control).length !== 1) problems.push('arms: exactly one is the control')
  if (Math.abs(sum - 100) > TOLERANCE) problems.push(`arms: splits are 100 per cent together, got ${sum}`)
  if (metric === '') problems.push('metric: name the event that is a conversion')
  for (const field of ['name', 'ads', 'adsets', 'values'] as const) {
    const all = arms.flatMap(arm => arm[field])
    const twice = all.find((one, i) => all.indexOf(one) !== i)
    if (twice !== undefined) problems.push(`arms: "${twice}" is twice among their ${field}`)
  }
  for (const { name, ads, adsets, values } of arms) {
    const isEmpty = parameter === null ? ads.length + adsets.length === 0 : values.length === 0
    if (isEmpty)
      problems.push(
        `arms: say ${parameter === null ? 'the ads or ad sets' : `the values of ${parameter}`} of ${name}`,
      )
  }
  return problems
}

/** The arm that what is known of an event belongs to; null: none. */
export function armIn(
  { parameter, arms }: Definition,
  seen: { readonly value: string | null; readonly ad: string | null; readonly adset: string | null },
): string | null {
  const { value, ad, adset } = seen
  const arm = arms.find(({ ads, adsets, values }) =>
    parameter === null
      ? (ad !== null && ads.includes(ad)) || (adset !== null && adsets.includes(adset))
      : value !== null && values.includes(value),
  )
  return arm?.name ?? null
}
