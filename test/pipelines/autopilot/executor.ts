import { UNDER_KILL_SWITCH } from '../../../engine/execute/permit.ts'
import type { World } from './world.ts'

/** How an executor of a test behaves between its lease and its word. */
export const FATES = [
  'writes',
  'dies before',
  'dies after',
  'loses the answer',
  'is refused',
  'is not sent',
] as const
export type Fate = (typeof FATES)[number]

interface Permit {
  readonly mode: 'WRITE' | 'SETTLE'
  readonly attempt: number
  readonly entity: string
  readonly before: number
  readonly after: number
  readonly lease_until: number
  readonly expires_at: number
  readonly exemption: string | null
}

export interface Held {
  readonly action_id: string
  readonly holder: string
  readonly permit: Permit
}

/** An executor asks for an action, whatever its state is; null: it is refused. */
export function lease(world: World, action_id: string, holder: string): Held | null {
  const attempt = world.actions.get(action_id)?.attempt ?? 1
  const answer = world.command(
    'action.lease',
    { action_id, holder, attempt },
    { actor: holder, role: 'EXECUTOR' },
  )
  return answer.accepted ? { action_id, holder, permit: answer.body.permit as Permit } : null
}

/** And does with it what its fate is. It keeps to the contract: nothing is written after the lease or under the switch. */
export function use(world: World, { action_id, holder, permit }: Held, fate: Fate): void {
  const campaign = permit.entity.split(':')[2]!
  const tell = (outcome: string, code: string | null = null): void => {
    const said = {
      action_id,
      holder,
      attempt: permit.attempt,
      outcome,
      code,
      found: null,
      written_at: world.now,
    }
    world.command('action.result', said, { actor: holder, role: 'EXECUTOR' })
  }
  const current = world.budgets.get(campaign)!
  if (permit.mode === 'SETTLE') {
    if (fate.startsWith('dies')) return
    if (current === permit.after) return tell('APPLIED', 'SETTLED')
    return current === permit.before ? tell('NOT_WRITTEN') : tell('FAILED', 'DRIFT')
  }
  if (fate === 'dies before') return
  const isStopped = world.isEngaged && permit.exemption !== UNDER_KILL_SWITCH
  if (isStopped || world.now >= permit.expires_at || fate === 'is not sent')
    return tell('NOT_SENT', 'RETRYABLE')
  if (current !== permit.before) return tell('FAILED', 'DRIFT')
  if (fate === 'is refused') return tell('FAILED', 'PERMISSION')
  world.write(action_id, permit.entity, permit.after)
  if (fate === 'dies after') return
  tell(fate === 'loses the answer' ? 'UNKNOWN' : 'APPLIED')
}

/** Both at once. */
export function execute(world: World, action_id: string, holder: string, fate: Fate): void {
  const held = lease(world, action_id, holder)
  if (held !== null) use(world, held, fate)
}
