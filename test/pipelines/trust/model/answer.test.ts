import t from 'tap'
import { answerLine } from '../../../../pipelines/trust/model/answer.ts'
import { POLICY } from '../policy.ts'

const ask = (line: object | string) =>
  answerLine(typeof line === 'string' ? line : JSON.stringify(line), 'line 3', POLICY)

t.test('a line gives score, status, gate and caps', async t => {
  const line = { emq: 100, freshness: 0, variance: 100, anomaly: 100 }
  const answer = { score: 75, status: 'HEALTHY', effective_status: 'CRITICAL', caps: ['FRESHNESS_ZERO'] }
  t.same(ask({ ...line, action_class: 'risk_increasing' }), { ...answer, gate: 'BLOCK' })
  t.same(ask({ ...line, action_class: 'protective' }), { ...answer, gate: 'HOLD' })
})

t.test('unknown is null', async t => {
  const none = { emq: null, freshness: null, variance: null, anomaly: null, action_class: 'protective' }
  t.match(ask(none), { score: null, status: 'CRITICAL', effective_status: 'CRITICAL', gate: 'BLOCK' })
  t.same(ask({ action_class: 'protective' }), ask(none), 'and so is what is left out')
})

t.test('what is wrong with a line, and with which', async t => {
  for (const [line, message] of [
    ['{"emq":1', 'line 3: is not JSON; each line is one object, as {"emq":80,"action_class":"protective"}'],
    ['[]', 'line 3: must be an object'],
    ['null', 'line 3: must be an object'],
    [{ emq: '80' }, 'line 3: emq must be a number from 0 to 100 or null, got "80"'],
    [{ emq: 100.1 }, 'line 3: emq must be a number from 0 to 100 or null, got 100.1'],
    [{ anomaly: -1 }, 'line 3: anomaly must be a number from 0 to 100 or null, got -1'],
    [
      { freshnes: 1 },
      'line 3: there is no field "freshnes"; there are: emq, freshness, variance, anomaly, action_class',
    ],
    [
      { emq: 1, action_class: 'risky' },
      'line 3: action_class must be "risk_increasing" or "protective", got "risky"',
    ],
  ] as const)
    t.throws(() => ask(typeof line === 'string' ? line : { action_class: 'protective', ...line }), {
      code: 'RECORD_INVALID',
      message,
    })
  t.throws(() => ask({ emq: 1 }), {
    message: 'line 3: action_class must be "risk_increasing" or "protective", got nothing',
  })
})
