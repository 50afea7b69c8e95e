import t from 'tap'
import { permitText } from '../../../engine/execute/permit.ts'
import type { Row } from '../row.ts'
import { actions, ask, at, decisions, HOUR, history, MINUTE, open, START, set, signing } from './account.ts'
import { gate } from './gate.ts'

/** Many campaigns, so that one of them is within the blast radius. */
const CAMPAIGNS = Array.from({ length: 40 }, (_, i) => ({ id: `c${i}`, budget: 100 }))
let now = START

const give = (row: Row, name: string, body: unknown, more = {}) => ask(row, at(now, name, body, more))
const executor = { actor: 'exec', role: 'EXECUTOR' }

/** An action that a person has approved. */
async function approved(action = { entity: 'meta:a1:c0', action: 'BUDGET_DECREASE', to: 90 } as object) {
  now = START + MINUTE
  const row = await open()
  row.feed(...history(CAMPAIGNS), gate(now))
  const { body } = give(row, 'autopilot.queue', action)
  const { action_id } = body as { action_id: string }
  t.match(give(row, 'autopilot.approve', { action_id }), { accepted: true, body: { state: 'APPROVED' } })
  return { row, action_id }
}

const lease = (row: Row, action_id: string, holder = 'w1', attempt = 1) =>
  give(row, 'action.lease', { action_id, holder, attempt }, executor)
const result = (row: Row, action_id: string, outcome: string, holder = 'w1', attempt = 1, more = {}) =>
  give(
    row,
    'action.result',
    {
      action_id,
      holder,
      attempt,
      outcome,
      code: null,
      message: null,
      found: null,
      written_at: now,
      read_back_at: now,
      ...more,
    },
    executor,
  )

t.test('a lease is a signed permit, an applied action is over', async t => {
  const { row, action_id } = await approved()
  const answer = lease(row, action_id)
  t.match(answer, {
    accepted: true,
    body: { permit: { mode: 'WRITE', before: 100_000_000, after: 90_000_000, gate: { final: 'PASS' } } },
  })
  const { permit, signature, key_id } = answer.body as { permit: object; signature: string; key_id: string }
  t.ok(signing.verify(permitText(permit), signature, key_id))
  t.notOk(signing.verify(permitText({ ...permit, after: 1 }), signature, key_id))
  t.match(result(row, action_id, 'APPLIED'), { accepted: true, body: { state: 'APPLIED' } })
  t.strictSame(
    actions(row).map(({ state }) => state),
    ['QUEUED', 'APPROVED', 'APPROVED', 'APPLIED'],
  )
  t.match(lease(row, action_id), { accepted: false, code: 'INVALID_STATE' })
  t.match(result(row, action_id, 'FAILED'), { accepted: false, code: 'INVALID_STATE' })
})

t.test('one holder at a time, and one action of an entity at a time', async t => {
  const { row, action_id } = await approved()
  const other = give(row, 'autopilot.queue', { entity: 'meta:a1:c0', action: 'CAMPAIGN_PAUSE' }).body as {
    action_id: string
  }
  t.match(give(row, 'autopilot.approve', { action_id: other.action_id }), { accepted: true })
  t.match(lease(row, action_id, 'w1'), { accepted: true })
  t.match(lease(row, action_id, 'w2'), { accepted: false, code: 'CONFLICT' })
  t.match(lease(row, other.action_id, 'w2'), { accepted: false, code: 'CONFLICT', message: /LEASED/ })
  result(row, action_id, 'APPLIED')
  t.match(lease(row, other.action_id, 'w2'), { accepted: true })
})

t.test('only an executor leases, only its holder tells what came of it', async t => {
  const { row, action_id } = await approved()
  t.match(give(row, 'action.lease', { action_id, holder: 'w1', attempt: 1 }), {
    accepted: false,
    code: 'FORBIDDEN',
  })
  t.match(lease(row, action_id, 'w1', 2), { accepted: false, code: 'INVALID_STATE' })
  lease(row, action_id)
  t.match(result(row, action_id, 'APPLIED', 'w2'), { accepted: false, code: 'INVALID_STATE' })
  t.match(result(row, action_id, 'WON'), { accepted: false, code: 'VALIDATION_ERROR' })
})

t.test('a lease that ran out without a word may have written: the next one only reads', async t => {
  const { row, action_id } = await approved()
  lease(row, action_id)
  now += 2 * MINUTE
  t.match(lease(row, action_id, 'w2'), { accepted: true, body: { permit: { mode: 'SETTLE', gate: null } } })
  t.match(result(row, action_id, 'APPLIED', 'w2'), { accepted: true, body: { state: 'APPLIED' } })
})

t.test(
  'read and found not to be written it has failed: somebody may have taken it back in between, and was overwritten',
  async t => {
    const { row, action_id } = await approved()
    lease(row, action_id)
    result(row, action_id, 'UNKNOWN')
    t.match(actions(row).at(-1), { state: 'APPROVED', settle: true })
    t.match(lease(row, action_id, 'w2'), { body: { permit: { mode: 'SETTLE' } } })
    result(row, action_id, 'NOT_WRITTEN', 'w2')
    t.match(actions(row).at(-1), { state: 'FAILED', code: 'NOT_WRITTEN', settle: false })
    t.match(give(row, 'autopilot.status', {}).body, { blast_radius: { used: { campaigns: 0 } } })
  },
)

t.test('after five tries it has failed, and what it had reserved is free again', async t => {
  const { row, action_id } = await approved()
  for (let n = 0; n < 5; n++) {
    t.match(lease(row, action_id), { accepted: true })
    result(row, action_id, 'NOT_SENT', 'w1', 1, { code: 'RETRYABLE' })
  }
  t.match(actions(row).at(-1), { state: 'FAILED', code: 'TRIES_EXHAUSTED' })
  const { body } = give(row, 'autopilot.status', {})
  t.match(body, { blast_radius: { used: { campaigns: 0, money_micros: 0, increases: 0 } }, approved: 0 })
})

t.test('a failed action is queued again from what is there then', async t => {
  const { row, action_id } = await approved()
  lease(row, action_id)
  result(row, action_id, 'FAILED', 'w1', 1, { code: 'DRIFT', found: { budget_micros: 95_000_000 } })
  const { stands } = await import('./account.ts')
  row.feed(stands({ id: 'c0', budget: 95 }, now + MINUTE))
  t.match(give(row, 'autopilot.retry', { action_id }), {
    accepted: true,
    body: { state: 'QUEUED', attempt: 2, before: 95_000_000 },
  })
  t.match(give(row, 'autopilot.retry', { action_id }), { accepted: false, code: 'INVALID_STATE' })
})

t.test('the kill switch stops a lease, not the reading of what is not known', async t => {
  const { row, action_id } = await approved()
  give(row, 'killswitch.engage', { reason: 'stop' })
  t.match(lease(row, action_id), { accepted: false, code: 'KILL_SWITCH_ENGAGED' })
  give(row, 'killswitch.release', { reason: 'go' })
  row.feed(gate(now))
  lease(row, action_id)
  result(row, action_id, 'UNKNOWN')
  give(row, 'killswitch.engage', { reason: 'stop' })
  t.match(lease(row, action_id), { accepted: true, body: { permit: { mode: 'SETTLE' } } })
})

t.test('released, what waited for more than an hour is over, what is younger goes on', async t => {
  const { row, action_id } = await approved()
  give(row, 'killswitch.engage', { reason: 'stop' })
  now += 2 * HOUR
  const young = give(row, 'autopilot.queue', { entity: 'meta:a1:c1', action: 'BUDGET_DECREASE', to: 90 })
    .body as { action_id: string }
  give(row, 'killswitch.release', { reason: 'go' })
  const last = (id: string) =>
    actions(row)
      .filter(a => a.action_id === id)
      .at(-1)
  t.match(last(action_id), { state: 'DISMISSED', code: 'EXPIRED' })
  t.match(last(young.action_id), { state: 'QUEUED' })
})

t.test('the gate is asked again at the last moment: shut, nothing is leased', async t => {
  const { row, action_id } = await approved()
  row.feed(gate(now, { emq: null, freshness: null }))
  t.match(lease(row, action_id), { accepted: false, code: 'GATE_BLOCKED' })
  t.match(actions(row).at(-1), { state: 'APPROVED' })
})

t.test('what a limit blocks softly takes a token, of this action alone, once, and a reason', async t => {
  const { row } = await approved()
  set(row, { roas_threshold: 5 })
  const queue = (campaign: string) =>
    (
      give(row, 'autopilot.queue', { entity: `meta:a1:${campaign}`, action: 'BUDGET_INCREASE', to: 110 })
        .body as { action_id: string }
    ).action_id
  const [one, two] = [queue('c1'), queue('c2')]
  const refused = give(row, 'autopilot.approve', { action_id: one })
  t.match(refused, {
    accepted: false,
    code: 'ENFORCEMENT_BLOCKED',
    body: { mode: 'SOFT_BLOCK', requires_confirmation: true },
  })
  const { confirmation_token: token } = refused.body as { confirmation_token: string }
  const reason = 'we know better this once'
  t.match(give(row, 'autopilot.approve', { action_id: two, token }, { reason }), {
    accepted: false,
    message: /TOKEN_INVALID/,
  })
  t.match(give(row, 'autopilot.approve', { action_id: one, token }, { reason: 'short' }), {
    code: 'VALIDATION_ERROR',
  })
  t.match(give(row, 'autopilot.approve', { action_id: one, token }, { reason }), { accepted: true })
  t.match(lease(row, one), { accepted: true })
  set(row, { default_mode: 'HARD_BLOCK' })
  t.match(give(row, 'autopilot.approve', { action_id: two, token }, { reason }), {
    accepted: false,
    code: 'ENFORCEMENT_BLOCKED',
  })
})

t.test('a command that is sent again is answered as before, however far its action has come', async t => {
  const event_id = 'sent twice'
  const queued = { entity: 'meta:a1:c7', action: 'BUDGET_DECREASE', to: 90 }
  const { row } = await approved()
  const again = () => give(row, 'autopilot.queue', queued, { event_id })
  const { action_id } = again().body as { action_id: string }
  t.match(again(), { accepted: true, body: { action_id, state: 'QUEUED' } })
  give(row, 'autopilot.approve', { action_id })
  t.match(again(), { accepted: true, body: { action_id, state: 'APPROVED' } })
  t.match(lease(row, action_id), { accepted: true })
  t.match(again(), { accepted: true, body: { action_id, state: 'APPROVED' } })
  result(row, action_id, 'APPLIED')
  t.match(again(), { accepted: true, body: { action_id, state: 'APPLIED' } })
  const back = () => give(row, 'autopilot.rollback', { action_id }, { event_id: 'back', reason: 'a mistake' })
  const { action_id: id } = back().body as { action_id: string }
  t.match(lease(row, id), { accepted: true })
  t.match(back(), { accepted: true, body: { action_id: id } })
})

t.test('four eyes: nobody approves their own', async t => {
  const { row } = await approved()
  set(row, { four_eyes: true })
  const { action_id } = give(
    row,
    'autopilot.queue',
    { entity: 'meta:a1:c5', action: 'BUDGET_DECREASE', to: 90 },
    { actor: 'anna' },
  ).body as { action_id: string }
  t.match(give(row, 'autopilot.approve', { action_id }, { actor: 'anna' }), {
    accepted: false,
    code: 'FORBIDDEN',
  })
  t.match(give(row, 'autopilot.approve', { action_id }, { actor: 'berta' }), { accepted: true })
})

t.test('four eyes: nor what they have queued again, nor a rollback that raises risk', async t => {
  const { row, action_id } = await approved()
  set(row, { four_eyes: true })
  const [anna, berta] = [{ actor: 'anna' }, { actor: 'berta' }]
  lease(row, action_id)
  result(row, action_id, 'FAILED')
  t.match(give(row, 'autopilot.retry', { action_id }, anna), { accepted: true })
  t.match(give(row, 'autopilot.approve', { action_id }, anna), { accepted: false, code: 'FORBIDDEN' })
  t.match(give(row, 'autopilot.approve', { action_id }, berta), { accepted: true })
  lease(row, action_id, 'w1', 2)
  result(row, action_id, 'APPLIED', 'w1', 2)
  const { body } = give(row, 'autopilot.rollback', { action_id }, { ...anna, reason: 'a mistake' })
  t.match(body, { state: 'QUEUED', type: 'BUDGET_INCREASE', reverts_action_id: action_id })
  const { action_id: back } = body as { action_id: string }
  t.match(lease(row, back), { accepted: false, code: 'INVALID_STATE' })
  t.match(give(row, 'autopilot.approve', { action_id: back }, anna), { accepted: false, code: 'FORBIDDEN' })
  const first = give(row, 'autopilot.approve', { action_id: back }, berta)
  const { confirmation_token: token } = first.body as { confirmation_token?: string }
  const second = { ...berta, reason: 'it was a mistake' }
  const approval = first.accepted ? first : give(row, 'autopilot.approve', { action_id: back, token }, second)
  t.match(approval, { accepted: true, body: { state: 'APPROVED' } })
})

t.test('four eyes: what lowers risk is taken back at once', async t => {
  const { row, action_id } = await approved({ entity: 'meta:a1:c0', action: 'BUDGET_INCREASE', to: 110 })
  set(row, { four_eyes: true })
  lease(row, action_id)
  result(row, action_id, 'APPLIED')
  const back = give(row, 'autopilot.rollback', { action_id }, { actor: 'anna', reason: 'a mistake' })
  t.match(back, { accepted: true, body: { state: 'APPROVED', type: 'BUDGET_DECREASE' } })
})

t.test('a rollback writes back what was there, once, and takes no room', async t => {
  const { row, action_id } = await approved()
  t.match(give(row, 'autopilot.rollback', { action_id }), { accepted: false, code: 'INVALID_STATE' })
  lease(row, action_id)
  result(row, action_id, 'APPLIED')
  const used = () =>
    (give(row, 'autopilot.status', {}).body as { blast_radius: { used: object } }).blast_radius.used
  const before = used()
  const back = give(row, 'autopilot.rollback', { action_id }, { reason: 'a mistake' })
  t.match(back, {
    accepted: true,
    body: { state: 'APPROVED', type: 'BUDGET_INCREASE', before: 90_000_000, after: 100_000_000 },
  })
  t.strictSame(used(), before)
  const { action_id: id } = back.body as { action_id: string }
  t.match(lease(row, id), { accepted: true, body: { permit: { exemption: 'ROLLBACK' } } })
  result(row, id, 'APPLIED')
  t.equal(actions(row).at(-1)!.reverts_action_id, action_id)
})

t.test('under the kill switch an ADMIN takes back with a reason, and nobody else does', async t => {
  const { row, action_id } = await approved()
  lease(row, action_id)
  result(row, action_id, 'APPLIED')
  give(row, 'killswitch.engage', { reason: 'stop' })
  t.match(give(row, 'autopilot.rollback', { action_id }, { role: 'MANAGER', reason: 'back' }), {
    accepted: false,
    code: 'KILL_SWITCH_ENGAGED',
  })
  t.match(give(row, 'autopilot.rollback', { action_id }), { accepted: false, code: 'KILL_SWITCH_ENGAGED' })
  const { body } = give(row, 'autopilot.rollback', { action_id }, { reason: 'back' })
  const { action_id: id } = body as { action_id: string }
  t.match(lease(row, id), { accepted: true, body: { permit: { exemption: 'ROLLBACK_UNDER_KILL_SWITCH' } } })
})

t.test('a rollback forced by an ADMIN, tried again by a MANAGER, went past the next kill switch', async t => {
  const { row, action_id } = await approved()
  lease(row, action_id)
  result(row, action_id, 'APPLIED')
  give(row, 'killswitch.engage', { reason: 'stop' })
  const { action_id: id } = give(row, 'autopilot.rollback', { action_id }, { reason: 'back' }).body as {
    action_id: string
  }
  lease(row, id)
  result(row, id, 'FAILED')
  give(row, 'killswitch.release', { reason: 'go' })
  row.feed(...history([{ id: 'c0', budget: 90 }], now), gate(now))
  const manager = { role: 'MANAGER' }
  t.match(give(row, 'autopilot.retry', { action_id: id }, manager), { accepted: true })
  const first = give(row, 'autopilot.approve', { action_id: id }, manager)
  const { confirmation_token: token } = first.body as { confirmation_token?: string }
  if (token !== undefined)
    give(row, 'autopilot.approve', { action_id: id, token }, { ...manager, reason: 'it was a mistake' })
  t.match(actions(row).at(-1), { action_id: id, state: 'APPROVED' })
  give(row, 'killswitch.engage', { reason: 'stop again' })
  t.match(lease(row, id, 'w1', 2), { accepted: false, code: 'KILL_SWITCH_ENGAGED' })
})

t.test('a rollback from before the kill switch waits for its release', async t => {
  const { row, action_id } = await approved()
  lease(row, action_id)
  result(row, action_id, 'APPLIED')
  const { action_id: id } = give(row, 'autopilot.rollback', { action_id }).body as { action_id: string }
  give(row, 'killswitch.engage', { reason: 'stop' })
  t.match(lease(row, id), { accepted: false, code: 'KILL_SWITCH_ENGAGED' })
})

t.test('what a person took back after its approval held its room for ever', async t => {
  const { row, action_id } = await approved()
  const used = () =>
    (give(row, 'autopilot.status', {}).body as { blast_radius: { used: object } }).blast_radius.used
  t.match(used(), { campaigns: 1 })
  t.match(give(row, 'autopilot.dismiss', { action_id }, { reason: 'no more' }), { accepted: true })
  t.strictSame(used(), { campaigns: 0, money_micros: 0, increases: 0 })
})

t.test(
  'a clock of somebody who may not ask moves nothing: it made everything that was open run out',
  async t => {
    const { row, action_id } = await approved()
    const ahead = now + 365 * 24 * HOUR
    const asked = at(ahead, 'autopilot.approve', { action_id }, { role: 'VIEWER' })
    t.match(ask(row, asked), { accepted: false, code: 'FORBIDDEN' })
    t.match(ask(row, at(ahead, 'action.lease', { action_id, holder: 'w', attempt: 1 })), {
      code: 'FORBIDDEN',
    })
    const { permit } = lease(row, action_id).body as { permit: { lease_until: number } }
    t.ok(permit.lease_until < now + HOUR)
  },
)

t.test('a rollback is not rolled back: it moved money that counted nowhere', async t => {
  const { row, action_id } = await approved()
  lease(row, action_id)
  result(row, action_id, 'APPLIED')
  const { action_id: id } = give(row, 'autopilot.rollback', { action_id }).body as { action_id: string }
  lease(row, id)
  result(row, id, 'APPLIED')
  t.match(give(row, 'autopilot.rollback', { action_id: id }), { accepted: false, code: 'CONFLICT' })
})

t.test('a person has confirmed the limits they saw, and none that came later', async t => {
  const { row } = await approved()
  set(row, { roas_threshold: 5 })
  const body = { entity: 'meta:a1:c3', action: 'BUDGET_INCREASE', to: 110 }
  const { action_id } = give(row, 'autopilot.queue', body).body as { action_id: string }
  const { confirmation_token: token } = give(row, 'autopilot.approve', { action_id }).body as {
    confirmation_token: string
  }
  const reason = 'we know better this once'
  t.match(give(row, 'autopilot.approve', { action_id, token }, { reason }), { accepted: true })
  set(row, { max_daily_budget_increase_pct: 5 })
  t.match(lease(row, action_id), { accepted: false, code: 'ENFORCEMENT_BLOCKED' })
  set(row, { max_daily_budget_increase_pct: 50 })
  t.match(lease(row, action_id), { accepted: true })
})

t.test('no key, no permit', async t => {
  now = START + MINUTE
  const { standard } = await import('../../support/engine.ts')
  const row = await open({ settings: { ...standard, signing: null } })
  row.feed(...history(CAMPAIGNS), gate(now))
  const { action_id } = give(row, 'autopilot.queue', {
    entity: 'meta:a1:c0',
    action: 'BUDGET_DECREASE',
    to: 90,
  }).body as { action_id: string }
  give(row, 'autopilot.approve', { action_id })
  t.match(lease(row, action_id), { accepted: false, code: 'DEPENDENCY_DOWN' })
})

t.test('every decision and every state is in the audit log, one chain', async t => {
  const { row, action_id } = await approved()
  lease(row, action_id)
  result(row, action_id, 'APPLIED')
  const entries = row.written
    .filter(({ kind }) => kind === 'audit_entry')
    .map(({ value }) => value as { seq: number; prev: string; hash: string; kind: string })
  entries.forEach((entry, i) => {
    t.equal(entry.seq, i)
    if (i > 0) t.equal(entry.prev, entries[i - 1]!.hash)
  })
  const kinds = entries.map(({ kind }) => kind)
  for (const kind of ['DECISION', 'ACTION_QUEUED', 'ACTION_APPROVED', 'ACTION_APPLIED'])
    t.ok(kinds.includes(kind), kind)
  for (const decision of decisions(row)) t.ok(entries.some(({ hash }) => hash === decision.hash))
})
