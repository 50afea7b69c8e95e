import t from 'tap'
import { attempt } from '../../../engine/execute/attempt.ts'
import type { SignedPermit } from '../../../engine/execute/permit.ts'
import { sourceContext } from '../../../engine/source/context.ts'
import { FakePlatform, lost, sourceOf } from '../../engine/execute/platform.ts'
import { actions, ask, at, history, MINUTE, open, START, signing } from './account.ts'
import { gate } from './gate.ts'

/** Many campaigns, so that one of them is within the blast radius. */
const CAMPAIGNS = Array.from({ length: 40 }, (_, i) => ({ id: `c${i}`, budget: 100 }))

/** The fold with an approved action, and an executor that carries out what the fold signs. */
async function house() {
  const now = START + MINUTE
  const row = await open()
  row.feed(...history(CAMPAIGNS), gate(now))
  const give = (name: string, body: unknown, more = {}) => ask(row, at(now, name, body, more))
  const queued = give('autopilot.queue', { entity: 'meta:a1:c0', action: 'BUDGET_DECREASE', to: 90 })
  const { action_id } = queued.body as { action_id: string }
  give('autopilot.approve', { action_id })
  const platform = new FakePlatform()
  platform.budget = 100_000_000
  const abort = new AbortController()
  const who = { actor: 'h1', role: 'EXECUTOR' }
  const carryOut = async () => {
    const { attempt: n } = actions(row).at(-1)!
    const lease = give('action.lease', { action_id, holder: 'h1', attempt: n }, who)
    const { permit, ...said } = await attempt(
      lease.body as unknown as SignedPermit,
      action_id,
      {
        source: sourceOf(platform),
        context: signal => sourceContext({ config: {}, signal, clock: () => now }),
      },
      {
        holder: 'h1',
        verifier: signing,
        killSwitch: { look: async () => null },
        clocks: { wall: () => now, steady: () => now / 1000 },
        stopping: abort.signal,
        cut: abort.signal,
      },
    )
    const told = give('action.result', { action_id, holder: 'h1', attempt: permit!.attempt, ...said }, who)
    return { ...said, mode: permit!.mode, accepted: told.accepted, state: actions(row).at(-1)!.state }
  }
  return { platform, carryOut }
}

t.test('what the fold signs an executor uses, and what it says of it the fold takes', async t => {
  const { platform, carryOut } = await house()
  t.match(await carryOut(), { mode: 'WRITE', outcome: 'APPLIED', accepted: true, state: 'APPLIED' })
  t.same(platform.ledger, ['budget=90000000'])
})

t.test('somebody else was quicker', async t => {
  const { platform, carryOut } = await house()
  platform.budget = 95_000_000
  t.match(await carryOut(), { outcome: 'FAILED', code: 'DRIFT', accepted: true, state: 'FAILED' })
  t.same(platform.ledger, [])
})

t.test('nobody knows, until it is read', async t => {
  const { platform, carryOut } = await house()
  platform.onWritten = () => {
    platform.onRead = () => {
      throw lost()
    }
    throw lost()
  }
  t.match(await carryOut(), { mode: 'WRITE', outcome: 'UNKNOWN', accepted: true, state: 'APPROVED' })
  platform.onRead = () => {}
  t.match(await carryOut(), { mode: 'SETTLE', outcome: 'APPLIED', code: 'SETTLED', state: 'APPLIED' })
  t.same(platform.ledger, ['budget=90000000'], 'written once')
})
