import { fatalError } from '../../../plugins/errors.ts'
import { type Figures, sumOf } from './figures.ts'

/**
 * The API tells ages and genders by ad group, the record is of the campaign: rows of a campaign and day follow each
 * other, and are summed. The group that a page ends in goes on with the next page, so what is summed of it travels in
 * the state.
 */
export interface Group {
  readonly campaign: string
  readonly date: string
  /** By what it is broken down to: `AGE_RANGE_25_34`. null: a row of it could not be read, so its sum is not known. */
  readonly sums: Readonly<Record<string, Figures | null>>
  /** The last ad group that was summed, and which of its rows: one that comes again is not counted again. */
  readonly unit: string
  readonly keys: readonly string[]
}

/** A row on its way into its group; `figures` null: it could not be read. */
export interface Member {
  readonly campaign: string
  readonly date: string
  /** Ad group; '' where rows are of none. */
  readonly unit: string
  /** Tells it apart within its unit. */
  readonly key: string
  readonly of: string
  readonly figures: Figures | null
}

/**
 * Groups that are whole, and the one that may go on. Rows that a page repeats at its start are left out.
 * @throws fatal: the platform does not keep to the order it was asked for, by which sums would be wrong
 */
export function grouped(
  open: Group | null,
  members: readonly Member[],
): { readonly whole: readonly Group[]; readonly open: Group | null } {
  const whole: Group[] = []
  let current = open
  let isStart = true
  for (const member of members) {
    const step = current === null ? 1 : orderOf(member, current)
    if (step < 0 || (step === 0 && current!.keys.includes(member.key))) {
      if (isStart) continue
      throw fatalError(
        `Google Ads gives rows in another order than was asked for, at campaign ${member.campaign} on ${member.date}`,
      )
    }
    isStart = false
    if (current !== null && !isSame(member, current)) {
      whole.push(current)
      current = null
    }
    current = added(current, member)
  }
  return { whole, open: current }
}

function added(group: Group | null, { campaign, date, unit, key, of, figures }: Member): Group {
  const sums = group?.sums ?? {}
  const before = sums[of]
  const sum = before === undefined ? figures : before && figures && sumOf(before, figures)
  const keys = group?.unit === unit ? [...group.keys, key] : [key]
  return { campaign, date, sums: { ...sums, [of]: sum }, unit, keys }
}

const isSame = (a: Member, b: Group): boolean => a.campaign === b.campaign && a.date === b.date

/** Campaign, day, ad group: below 0, it is behind us. */
function orderOf(a: Member, b: Group): number {
  return byNumber(a.campaign, b.campaign) || compare(a.date, b.date) || byNumber(a.unit, b.unit)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Ids may be longer than a number holds. */
const byNumber = (a: string, b: string): number => a.length - b.length || compare(a, b)

export const groupText = (group: Group | null): string => (group === null ? '' : JSON.stringify(group))

/** @param text as it was remembered */
export const groupFrom = (text: string): Group | null => (text === '' ? null : (JSON.parse(text) as Group))
