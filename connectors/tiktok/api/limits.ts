import type { WindowLimit } from '../../../plugins/http/budget.ts'
import { type Ask, budget, days, minutes, type Part, seconds } from '../../../plugins/http/index.ts'
import type { Settings } from '../settings.ts'
import type { Trouble } from './trouble.ts'

const rate = (perSecond: number, perMinute: number, perDay?: number): WindowLimit[] => [
  { calls: perSecond, perMs: seconds(1) },
  { calls: perMinute, perMs: minutes(1) },
  ...(perDay === undefined ? [] : [{ calls: perDay, perMs: days(1) }]),
]

/**
 * How often an app may ask, by its tier (platforms.md §3.1). The 864,000 a day of `basic` are its 10 a second all day
 * long: they need no window of their own.
 */
export const TIERS: Readonly<Record<Settings['service_tier'], readonly WindowLimit[]>> = {
  /** For each endpoint. */
  sandbox: rate(1, 30, 1000),
  basic: rate(10, 600),
  advanced: rate(20, 1200),
  premium: rate(30, 1800),
  ultimate: rate(50, 3000),
}

/** Calls under way at once: as many as a tier allows in half a second, which an answer may take. */
export const inFlightOf = ({ service_tier }: Settings): number => Math.ceil(TIERS[service_tier][0]!.calls / 2)

export const TASK_CREATE = 'report/task/create/'
/** At every tier. */
export const TASK_LIMITS = rate(2, 60, 4500)

/** No answer says what is left of a limit; a refusal says that all of the app have to pause. */
export function limitsOf({ app_id, service_tier }: Settings, trouble: Trouble): Part[] {
  const app = `tiktok/app ${app_id}`
  const limits = TIERS[service_tier]
  const told = (answer: Parameters<Trouble['pauseMs']>[0]) => {
    const pauseMs = trouble.pauseMs(answer)
    return pauseMs === null ? undefined : { pauseMs }
  }
  const whole =
    service_tier === 'sandbox'
      ? each(ask => budget({ key: `${app} ${ask.path}`, limits, told }))
      : budget({ key: app, limits, told })
  const tasks = budget({ key: `${app} ${TASK_CREATE}`, limits: TASK_LIMITS })
  return [whole, each(ask => (ask.path === TASK_CREATE ? tasks : null))]
}

/** A budget that depends on what is asked; null: none. */
const each = (of: (ask: Ask) => Part | null): Part => ({
  admit: async (ask, context) => (await of(ask)?.admit?.(ask, context)) ?? (() => {}),
})
