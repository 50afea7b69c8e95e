/** A kill switch as the fold knows it. Plain JSON. */
export interface SwitchState {
  engaged: boolean
  reason: string | null
  actor: string
  /** UTC microseconds. */
  since: number
  revision: number
  /** Ids of the last commands that engaged it. */
  commands: string[]
}

export const released = (): SwitchState => ({
  engaged: false,
  reason: null,
  actor: '',
  since: 0,
  revision: 0,
  commands: [],
})

const COMMANDS_KEPT = 32

/** Whether a command that engages was seen before. */
export const hasSeen = (state: Readonly<SwitchState>, id: string): boolean => state.commands.includes(id)

export function engage(state: SwitchState, actor: string, reason: string, now: number, id: string): void {
  if (!state.engaged) state.since = now
  state.engaged = true
  state.reason = reason
  state.actor = actor
  state.revision++
  state.commands = [...state.commands, id].slice(-COMMANDS_KEPT)
}

export function release(state: SwitchState, actor: string, reason: string, now: number): void {
  state.engaged = false
  state.reason = reason
  state.actor = actor
  state.since = now
  state.revision++
}

/** What is asked, or what is wrong with it. */
export type Asked = { readonly engaged: boolean; readonly reason: string } | { readonly problem: string }

/**
 * The body of a request: `{"enabled": false, "reason": …}` (autopilot may not act: engaged) or
 * `{"engaged": true, "reason": …}`. Source: product.md §2 row 10, §4.4.
 */
export function readBody(body: unknown): Asked {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return { problem: 'the body is an object: {"engaged": true, "reason": "…"}' }
  const { enabled, engaged, reason, ...rest } = body as Readonly<Record<string, unknown>>
  const [odd] = Object.keys(rest)
  if (odd !== undefined)
    return { problem: `there is no field "${odd}"; there are: engaged (or enabled), reason` }
  for (const [name, value] of [
    ['enabled', enabled],
    ['engaged', engaged],
  ] as const)
    if (value !== undefined && typeof value !== 'boolean') return { problem: `/${name} is true or false` }
  if (enabled === undefined && engaged === undefined)
    return { problem: 'say "engaged": true to stop the autopilot, false to release it' }
  if (enabled !== undefined && engaged !== undefined && enabled === engaged)
    return { problem: `"enabled": ${enabled} and "engaged": ${engaged} contradict each other` }
  if (typeof reason !== 'string' || reason.trim() === '') return { problem: '/reason is missing: say why' }
  return { engaged: engaged === undefined ? enabled === false : engaged === true, reason: reason.trim() }
}

/** The answer, in both words. */
export const shownSwitch = ({ engaged, reason, actor, since, revision }: Readonly<SwitchState>) => ({
  autopilot_enabled: !engaged,
  engaged,
  reason,
  actor: actor === '' ? null : actor,
  since: since === 0 ? null : new Date(since / 1000).toISOString(),
  revision,
})
