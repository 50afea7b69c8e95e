import type { Told, WindowLimit } from '../../plugins/http/budget.ts'
import { type Answer, type Ask, type Part, seconds } from '../../plugins/http/index.ts'

export interface Allowance {
  readonly key: string
  /** Calls in 10 seconds until HubSpot says how many there are. */
  readonly calls: number
  /** Somebody has set how many: what HubSpot says does not raise it. */
  readonly isFixed: boolean
}

const WINDOW_MS = seconds(10)
const SEARCH: readonly WindowLimit[] = [{ calls: 5, perMs: seconds(1) }]

/** Asks of the search endpoints have a limit of their own, and answers without headers. */
export const isSearch = (ask: Ask): boolean => ask.path.endsWith('/search')

/**
 * HubSpot's limits (platforms.md §6.3): so many calls in 10 seconds as it says in every answer, and 5 searches a
 * second. Searches count in both: whether they do for a private app is not said. The day's limit is left to the
 * platform, which refuses with `DAILY`.
 */
export function hubspotLimits({ key, calls, isFixed }: Allowance): Part {
  let most = calls
  return {
    async admit(ask, { limiter, signal }) {
      const search = isSearch(ask) ? await limiter.take(`${key}/search`, SEARCH, 1, signal) : null
      const taken = await limiter.take(key, [{ calls: most, perMs: WINDOW_MS }], 1, signal)
      return answer => {
        search?.done()
        const said = answer === null ? undefined : headersOf(answer)
        if (said && !isFixed) most = said.max
        taken.done(said?.told)
      }
    },
  }
}

function headersOf(answer: Answer): { readonly max: number; readonly told: Told } | undefined {
  const [max, left, windowMs] = ['Max', 'Remaining', 'Interval-Milliseconds'].map(name =>
    Number(answer.header(`X-HubSpot-RateLimit-${name}`) ?? Number.NaN),
  ) as [number, number, number]
  if (!(max > 0) || !(left >= 0) || windowMs !== WINDOW_MS) return undefined
  return { max, told: { left: [{ perMs: WINDOW_MS, calls: left }] } }
}
