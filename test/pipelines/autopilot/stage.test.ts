import t from 'tap'
import { decidedAgain } from '../../../pipelines/autopilot/again.ts'
import { told } from '../facts.ts'
import { actions, ask, at, decisions, HOUR, history, MINUTE, open, START, set, setRule } from './account.ts'

const loser = {
  rule: 'pause-loser',
  version: 1,
  mode: 'suggest',
  subject: 'campaign',
  reads: {
    roas: { metric: 'roas', over: '7 settled days' },
    spend: { metric: 'spend', over: '7 settled days' },
  },
  when: 'roas < 0.8 and spend > 500',
  // biome-ignore lint/suspicious/noThenProperty: a rule has one
  then: { action: 'CAMPAIGN_PAUSE' },
}

t.test('a rule that matches queues an action, and says why it does not run', async t => {
  const row = await open()
  t.match(setRule(row, loser), { accepted: true })
  row.feed(...history([{ id: 'good' }, { id: 'bad', revenue: 50 }]))
  const [decision, ...others] = decisions(row)
  t.strictSame(others, [])
  t.match(decision, {
    entity: 'meta:a1:bad',
    type: 'CAMPAIGN_PAUSE',
    rule_id: 'pause-loser',
    // Nothing was evaluated yet: no data is not good data.
    outcome: 'MANUAL_REQUIRED',
    causes: ['MANUAL_REQUIRED', 'SUGGESTED'],
    gate_final: 'BLOCK',
  })
  t.match(actions(row), [
    {
      state: 'QUEUED',
      entity: 'meta:a1:bad',
      before_status: 'ACTIVE',
      after_status: 'PAUSED',
      decision_id: decision!.decision_id,
    },
  ])
  t.equal(actions(row)[0]!.action_id, decision!.action_id)
})

t.test('a share of a budget is whole cents, and never more than the share', async t => {
  const row = await open()
  setRule(row, {
    ...{ rule: 'scale', version: 1, mode: 'suggest', subject: 'campaign' },
    reads: { spend: { metric: 'spend', over: '7 settled days' } },
    when: 'spend > 500',
    // biome-ignore lint/suspicious/noThenProperty: a rule has one
    then: { action: 'BUDGET_INCREASE', by: '20%' },
  })
  row.feed(
    ...history([
      { id: 'odd', budget: 10.03 },
      { id: 'tiny', budget: 0.04 },
    ]),
  )
  t.match(actions(row), [{ entity: 'meta:a1:odd', before_micros: 10_030_000, after_micros: 12_030_000 }])
  t.equal(actions(row).length, 1, 'a fifth of four cents is none')
})

t.test('what is decided as before is not said again, until something of it changes', async t => {
  const row = await open()
  setRule(row, loser)
  row.feed(...history([{ id: 'bad', revenue: 50 }]))
  for (let minute = 5; minute <= 60; minute += 5) row.feed(told.tick(START + minute * MINUTE))
  // The gate was evaluated: it holds now, and blocks no more.
  t.match(decisions(row), [{ outcome: 'MANUAL_REQUIRED' }, { outcome: 'ALERT_ONLY' }])
  t.equal(decisions(row).length, 2)
  t.equal(actions(row).length, 1)
})

t.test('a decision comes out the same from its record alone', async t => {
  const row = await open()
  setRule(row, loser)
  set(row, { default_mode: 'HARD_BLOCK', daily_spend_limit: 500 })
  row.feed(
    ...history([
      { id: 'bad', revenue: 50 },
      { id: 'worse', revenue: 1 },
    ]),
  )
  t.ok(decisions(row).length >= 2)
  for (const record of decisions(row)) t.match(decidedAgain(record), { same: true, differs: [] })
  const forged = { ...decisions(row)[0]!, inputs: decisions(row)[0]!.inputs.replace('"ACTIVE"', '"PAUSED"') }
  t.match(decidedAgain(forged), { same: false })
})

t.test('a shadow queues and dismisses in one step', async t => {
  const row = await open()
  setRule(row, { ...loser, mode: 'shadow' })
  row.feed(...history([{ id: 'bad', revenue: 50 }]))
  t.match(decisions(row), [{ outcome: 'SHADOW' }])
  t.match(actions(row), [{ state: 'QUEUED' }, { state: 'DISMISSED', code: 'SHADOW', revision: 2 }])
})

t.test('a queued action ends after a day, and at once where the campaign is no longer as it was', async t => {
  const row = await open()
  setRule(row, loser)
  row.feed(
    ...history([
      { id: 'bad', revenue: 50 },
      { id: 'gone', revenue: 50 },
    ]),
  )
  t.equal(actions(row).length, 2)
  const { stands } = await import('./account.ts')
  row.feed(stands({ id: 'gone', status: 'PAUSED' }, START + MINUTE))
  t.match(actions(row).at(-1), { entity: 'meta:a1:gone', state: 'DISMISSED', code: 'STALE' })
  row.feed(told.tick(START + 24 * HOUR))
  const ended = actions(row).filter(action => action.entity === 'meta:a1:bad')
  t.match(ended.at(-1), { state: 'DISMISSED', code: 'EXPIRED' })
})

/** A queue of one person's, on what is known of one campaign. */
async function queued(more = {}) {
  const row = await open()
  row.feed(
    ...history([
      { id: 'c', budget: 100 },
      { id: 'd', budget: 100 },
    ]),
  )
  const answer = ask(
    row,
    at(
      START + MINUTE,
      'autopilot.queue',
      { entity: 'meta:a1:c', action: 'BUDGET_DECREASE', to: 80, ...more },
      { actor: 'anna', role: 'MANAGER' },
    ),
  )
  return { row, answer, id: (answer.body as { action_id: string }).action_id }
}

t.test('a person queues, and is told what stands against it', async t => {
  const { row, answer } = await queued()
  t.match(answer, {
    accepted: true,
    body: { state: 'QUEUED', before: 100_000_000, after: 80_000_000, currency: 'EUR' },
  })
  t.match(actions(row), [{ origin: 'person', created_by: 'anna', type: 'BUDGET_DECREASE' }])
  const again = ask(
    row,
    at(START + 2 * MINUTE, 'autopilot.queue', { entity: 'meta:a1:c', action: 'BUDGET_DECREASE', to: 70 }),
  )
  t.match(again, { accepted: false, code: 'CONFLICT' })
  for (const [body, code] of [
    [{ entity: 'meta:a1:nobody', action: 'BUDGET_INCREASE', to: 1 }, 'NOT_FOUND'],
    [{ action: 'BUDGET_INCREASE', to: 1 }, 'NOT_FOUND'],
    [{ entity: 'meta:a1:d', action: 'MAKE_RICH', to: 1 }, 'VALIDATION_ERROR'],
    [{ entity: 'meta:a1:d', action: 'BUDGET_INCREASE', to: 50 }, 'VALIDATION_ERROR'],
    [{ entity: 'meta:a1:d', action: 'BUDGET_INCREASE', to: 'many' }, 'VALIDATION_ERROR'],
    [{ entity: 'meta:a1:d', action: 'BUDGET_INCREASE', to: 1e300 }, 'VALIDATION_ERROR'],
    [{ entity: 'meta:a1:d', action: 'ADSET_PAUSE' }, 'VALIDATION_ERROR'],
    [{ entity: 'meta:a1:d', action: 'CAMPAIGN_ENABLE' }, 'CONFLICT'],
    ['no json', 'VALIDATION_ERROR'],
  ] as const)
    t.match(
      ask(row, at(START + 3 * MINUTE, 'autopilot.queue', body)),
      { accepted: false, code },
      JSON.stringify(body),
    )
})

t.test('without a gate a person approves nothing', async t => {
  const { row, id } = await queued()
  t.match(ask(row, at(START + 2 * MINUTE, 'autopilot.approve', { action_id: id }, { role: 'MANAGER' })), {
    accepted: false,
    code: 'GATE_BLOCKED',
  })
  t.match(ask(row, at(START + 2 * MINUTE, 'autopilot.approve', { action_id: id }, { role: 'ANALYST' })), {
    accepted: false,
    code: 'FORBIDDEN',
  })
  t.match(ask(row, at(START + 2 * MINUTE, 'autopilot.dismiss', { action_id: id })), {
    accepted: false,
    code: 'VALIDATION_ERROR',
  })
  t.match(ask(row, at(START + 2 * MINUTE, 'autopilot.dismiss', { action_id: id }, { reason: 'no' })), {
    accepted: true,
    body: { state: 'DISMISSED' },
  })
  t.match(ask(row, at(START + 2 * MINUTE, 'autopilot.approve', { action_id: id })), {
    accepted: false,
    code: 'INVALID_STATE',
  })
  t.match(ask(row, at(START + 2 * MINUTE, 'autopilot.approve', { action_id: '__proto__' })), {
    accepted: false,
    code: 'NOT_FOUND',
  })
})
