import { createHash } from 'node:crypto'
import { type Answer, budget, days, type Part } from '../../../plugins/http/index.ts'
import type { Settings } from '../settings.ts'
import { bodyOf } from './exact-json.ts'
import { failureIn } from './failure.ts'

/** Operations a day, for all who use the developer token (platforms.md §2.4). */
const OPERATIONS = { explorer: 2880, basic: 15_000, standard: null } as const

/** Longer waits than this are left to the error. */
const LONGEST_PAUSE_MS = 60_000

/** A day's operations; and a pause for all where Google asks for one. How many it takes in a second is not published. */
export function limitsOf({ developer_token, access_level }: Settings): Part {
  const token = createHash('sha256').update(developer_token).digest('hex').slice(0, 16)
  const calls = OPERATIONS[access_level]
  return budget({
    key: `google-ads/developer token ${token}`,
    limits: calls === null ? [] : [{ calls, perMs: days(1) }],
    told: answer => ({ pauseMs: pauseMs(answer) }),
  })
}

function pauseMs(answer: Answer): number {
  if (answer.status !== 429) return 0
  try {
    const errors = failureIn(bodyOf(answer))?.errors ?? []
    return Math.min(LONGEST_PAUSE_MS, Math.max(0, ...errors.map(e => e.retryMs ?? 0)))
  } catch {
    return 0
  }
}
