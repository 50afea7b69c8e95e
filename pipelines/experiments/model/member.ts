/** What is known of one person in one experiment, from events in any order. Plain JSON; times are UTC microseconds. */
export interface Member {
  /** The arm first seen. */
  arm: { readonly name: string; readonly at: number; readonly id: string } | null
  /** The last conversion. */
  converted: number | null
}

export const nobody = (): Member => ({ arm: null, converted: null })

/** What somebody counts for: an arm, and whether they converted after they were first seen in it. Null: nothing yet. */
export interface Counted {
  readonly arm: string
  readonly converted: boolean
}

/** Takes an event in, in place; of two of one instant the ids settle which was first. */
export function see(
  member: Member,
  event: {
    readonly arm: string | null
    readonly converts: boolean
    readonly at: number
    readonly id: string
  },
): void {
  const { arm, converts, at, id } = event
  const first = member.arm
  const isFirst = first === null || at < first.at || (at === first.at && id < first.id)
  if (arm !== null && isFirst) member.arm = { name: arm, at, id }
  if (converts) member.converted = Math.max(member.converted ?? at, at)
}

export const countedOf = ({ arm, converted }: Member): Counted | null =>
  arm && { arm: arm.name, converted: converted !== null && converted >= arm.at }

/** People of each arm, and how many of them converted. */
export type Counts = Record<string, { users: number; conversions: number }>

/** Those of an arm, made empty where there are none: an arm may be called as anything of objects is. */
export function countsIn(counts: Counts, arm: string): Counts[string] {
  if (!Object.hasOwn(counts, arm)) counts[arm] = { users: 0, conversions: 0 }
  return counts[arm]!
}

/** Takes somebody in, in place; `by` -1 takes them out. */
export function count(counts: Counts, { arm, converted }: Counted, by: 1 | -1): void {
  const all = countsIn(counts, arm)
  all.users += by
  if (converted) all.conversions += by
}
