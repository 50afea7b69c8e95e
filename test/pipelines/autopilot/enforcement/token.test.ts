import t from 'tap'
import {
  type Confirmed,
  tokenEnds,
  tokenFor,
  tokenId,
  tokenProblem,
} from '../../../../pipelines/autopilot/model/enforcement/token.ts'
import type { Violation } from '../../../../pipelines/autopilot/model/enforcement/violation.ts'
import { NOW } from '../facts.ts'

const violation: Violation = {
  type: 'FREQUENCY_CAP_EXCEEDED',
  subtype: 'CHANGE_INTERVAL',
  message: 'It was changed 1 h ago',
  setting: 'min_hours_between_changes',
  threshold: 4,
  actual: 1,
  mode: 'SOFT_BLOCK',
}
const of: Confirmed = {
  tenant: 't1',
  action: { type: 'BUDGET_INCREASE', entity: 'meta:a1:c1', before: '100000000', after: '120000000' },
  settings_version: 3,
  violations: [violation],
}
const key = 'a key of the settings'
const MINUTE = 60_000_000
const { token, expires_at } = tokenFor(of, { key, nonce: 'command-1', now: NOW, minutes: 15 })
const problem = (given: string | null, what = of, now = NOW, isUsed = (_id: string) => false, by = key) =>
  tokenProblem(given, what, { key: by, now, isUsed })

t.test('it confirms what it was made for, once, for 15 minutes', async t => {
  t.equal(expires_at, NOW + 15 * MINUTE)
  t.equal(tokenEnds(token), expires_at)
  t.equal(problem(token), null)
  t.equal(problem(token, of, expires_at - 1), null)
  t.equal(problem(token, of, expires_at), 'TOKEN_EXPIRED')
  const used = new Set([tokenId(token)])
  t.equal(
    problem(token, of, NOW, id => used.has(id)),
    'TOKEN_USED',
  )
  const next = tokenFor(of, { key, nonce: 'command-2', now: NOW, minutes: 15 }).token
  t.equal(
    problem(next, of, NOW, id => used.has(id)),
    null,
  )
})

t.test('the same question has the same answer', async t => {
  t.equal(tokenFor(of, { key, nonce: 'command-1', now: NOW, minutes: 15 }).token, token)
})

t.test('it confirms nothing else', async t => {
  const others: readonly Confirmed[] = [
    { ...of, tenant: 't2' },
    { ...of, action: { ...(of.action as object), after: '120000001' } },
    { ...of, settings_version: 4 },
    { ...of, violations: [] },
    { ...of, violations: [violation, violation] },
    { ...of, violations: [{ ...violation, threshold: 6 }] },
    { ...of, violations: [{ ...violation, subtype: 'CHANGE_COUNT' }] },
    { ...of, violations: [{ ...violation, mode: 'HARD_BLOCK' }] },
  ]
  for (const other of others) t.equal(problem(token, other), 'TOKEN_INVALID')
  t.equal(
    problem(token, of, NOW, () => false, 'another key'),
    'TOKEN_INVALID',
  )
})

t.test('a figure that goes on while one reads does not void it', async t => {
  const later = { ...violation, actual: 1.25, message: 'It was changed 1.25 h ago' }
  t.equal(problem(token, { ...of, violations: [later] }), null)
})

t.test('nothing about it can be changed', async t => {
  for (let i = 0; i < token.length; i++) {
    const spoilt = `${token.slice(0, i)}${token[i] === 'a' ? 'b' : 'a'}${token.slice(i + 1)}`
    t.equal(problem(spoilt), 'TOKEN_INVALID', `at ${i}`)
  }
  for (const odd of ['x', '..', `${token}0`, ` ${token}`, token.toUpperCase()])
    t.equal(problem(odd), 'TOKEN_INVALID')
  for (const none of [null, '']) t.equal(problem(none), 'TOKEN_MISSING')
})
