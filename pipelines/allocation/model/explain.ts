import type { Evidence } from './fit.ts'
import type { Gain } from './gain.ts'
import type { Allocation, Line, Refusal, Refused } from './propose.ts'

const EVIDENCE: Readonly<Record<Evidence, string>> = {
  OWN: 'own history',
  SHARED: 'own history and the platform average',
  PRIOR: 'platform average',
}

/**
 * A split in plain English: "Moving 212 a day from *Retargeting EU* to *Search brand* should add 140 to 510 a day (90 %).
 * Evidence: own history for the first, platform average for the second." A budget other than what is spent now is told
 * first, by what it changes in all.
 * @param amount a weekly amount as it is shown a day, with its currency
 * @param result a weekly result as it is shown a day; left out: it is an amount
 */
export function explain(
  made: Allocation | Refused,
  amount: (weekly: number) => string,
  result: (weekly: number) => string = amount,
): string {
  if ('reason' in made) return refused(made, amount)
  const down = made.lines.filter(line => line.after < line.scaled)
  const up = made.lines.filter(line => line.after > line.scaled)
  const total = made.change === null ? '' : `${inAll(made, made.change, amount, result)} `
  const isOther = total !== ''
  if (down.length + up.length === 0)
    return `${total}The present split${isOther ? ', scaled to that,' : ''} is already the best that these curves know of.`
  const moves = movement(down, up, amount)
  const moving = isOther
    ? `Against the present split scaled to that, ${moves[0]!.toLowerCase()}${moves.slice(1)}`
    : moves
  const { lower, upper } = made.gain
  const adds = `should add ${result(lower)} to ${result(upper)} a day (90 %)`
  const advice = made.remarks.includes('NO_CLEAR_GAIN')
    ? ` That is not clear enough: ${isOther ? 'scale the present split instead.' : 'the present split stays.'}`
    : made.remarks.includes('NO_VARIATION')
      ? ' No budget ever moved enough to tell: this is advice, and rules will not use it.'
      : made.remarks.includes('GATE_HOLD')
        ? ' Signals are not trusted enough at present: nothing is proposed.'
        : ''
  const tooLarge = made.remarks.includes('BUDGET_TOO_LARGE')
    ? ' The last units of this budget cost more than they bring.'
    : ''
  const reported = made.reported_not_incremental ? ' Results are as platforms report them.' : ''
  return `${total}${moving} ${adds}. Evidence: ${evidence(down, up)}.${advice}${tooLarge}${reported}`
}

/** What is spent more or less than now, and what that should bring or cost with this split. */
function inAll(
  { budget, lines }: Allocation,
  { lower, upper }: Gain,
  amount: (weekly: number) => string,
  result: (weekly: number) => string,
): string {
  const more = budget - lines.reduce((sum, line) => sum + line.before, 0)
  const what =
    more > 0 ? `add ${result(lower)} to ${result(upper)}` : `cost ${result(-upper)} to ${result(-lower)}`
  return `Spending ${amount(Math.abs(more))} a day ${more > 0 ? 'more' : 'less'} than now should ${what} a day (90 %).`
}

function movement(down: readonly Line[], up: readonly Line[], amount: (weekly: number) => string): string {
  const sum = (lines: readonly Line[]) => lines.reduce((all, l) => all + Math.abs(l.after - l.scaled), 0)
  const names = (lines: readonly Line[]) => lines.map(line => `*${line.campaign}*`).join(', ')
  if (down.length === 0) return `Spending ${amount(sum(up))} a day more on ${names(up)}`
  if (up.length === 0) return `Spending ${amount(sum(down))} a day less on ${names(down)}`
  return `Moving ${amount(Math.min(sum(up), sum(down)))} a day from ${names(down)} to ${names(up)}`
}

function evidence(down: readonly Line[], up: readonly Line[]): string {
  const kinds = [...down, ...up].map(line => (line.evidence === null ? 'none' : EVIDENCE[line.evidence]))
  if (new Set(kinds).size === 1) return `${kinds[0]}${kinds.length > 1 ? ' for all' : ''}`
  if (kinds.length === 2) return `${kinds[0]} for the first, ${kinds[1]} for the second`
  return [...new Set(kinds)].map(kind => `${kind} for ${kinds.filter(k => k === kind).length}`).join(', ')
}

const REASONS: Readonly<Record<Refusal, string>> = {
  GATE_BLOCKED:
    'Signals of a platform concerned are not trusted: nothing is said about budgets until they are.',
  NOTHING_TO_MOVE: 'Fewer than two campaigns have a history that budgets could be moved by.',
  INFEASIBLE: 'This budget cannot be reached within the daily limits, floors and ceilings.',
  MIXED_GOALS: 'These campaigns are judged by different results: ask for those of one goal.',
  MIXED_CURRENCY: 'These campaigns have different currencies and no rate for the day.',
  RECENT_BREAK:
    'More than a third of the spend is in campaigns whose results broke with their past last week: ask again in a week.',
}

function refused({ reason, excess, days }: Refused, amount: (weekly: number) => string): string {
  if (excess === undefined) return REASONS[reason]
  const by = `It is ${amount(Math.abs(excess))} a day too ${excess > 0 ? 'much' : 'little'}`
  const when =
    days == null ? 'not to be reached by half or double the present spends' : `to be reached in ${days} days`
  return `${REASONS[reason]} ${by}, ${when}.`
}
