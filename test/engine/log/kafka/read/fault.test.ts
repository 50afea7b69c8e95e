import t from 'tap'
import { StratumError } from '../../../../../engine/errors.ts'
import { faultOf, troubleOf } from '../../../../../engine/log/kafka/read/fault.ts'

t.test('a code of the broker says what it means for a reader, and where', async t => {
  const place = { topic: 't', partition: 3, from: 7 }
  for (const [code, ours, message] of [
    [1, 'OFFSET_OUT_OF_RANGE', /^t\/3: offset 7 is gone\..*raise its retention/],
    [3, 'TOPIC_UNKNOWN', /^t\/3: offset 7 is not there/],
    [29, 'STORE_REFUSED', /ACL Read/],
    [87, 'LOG_CORRUPT', /invalid/],
    // NOT_LEADER_OR_FOLLOWER, and one that no client knows yet: they may pass.
    [6, 'STORE_UNAVAILABLE', /at the moment \(Kafka's error 6\)/],
    [999, 'STORE_UNAVAILABLE', /Kafka's error 999/],
  ] as const)
    t.match(faultOf(code, place), { code: ours, message })
  t.match(faultOf(3, { topic: 't', partition: 0 }), { message: /^t\/0 is not there/ })
})

t.test("a client's error says whether to wait, and for whom", async t => {
  const thrown = (more: object) => Object.assign(new Error('what happened'), more)
  for (const [error, code, message] of [
    [thrown({ type: 'UNKNOWN_TOPIC_OR_PARTITION' }), 'TOPIC_UNKNOWN', /no such topic/],
    [thrown({ type: 'TOPIC_AUTHORIZATION_FAILED' }), 'STORE_REFUSED', /what happened\. An ACL is missing/],
    [thrown({ type: 'GROUP_AUTHORIZATION_FAILED' }), 'STORE_REFUSED', /ACL/],
    [
      thrown({ name: 'KafkaJSSASLAuthenticationError' }),
      'STORE_REFUSED',
      /log-in: what happened\. Check kafka\.sasl/,
    ],
    [
      thrown({ name: 'KafkaJSConnectionError', broker: 'b:9092' }),
      'STORE_UNAVAILABLE',
      /away \(b:9092\): what/,
    ],
    [new TypeError('odd'), 'STORE_UNAVAILABLE', /away: odd/],
    ['text', 'STORE_UNAVAILABLE', /away: text/],
  ] as const)
    t.match(troubleOf(error), { code, message })
  const own = new StratumError('LOG_CORRUPT', 'ours')
  t.equal(troubleOf(own), own)
})

t.test('why an attempt to connect was given up is told, and not only how often it was tried', async t => {
  const cause = Object.assign(new Error('denied'), { name: 'KafkaJSSASLAuthenticationError' })
  const retried = Object.assign(new Error('denied'), { name: 'KafkaJSNonRetriableError', cause })
  t.match(troubleOf(retried), { code: 'STORE_REFUSED' })
})
