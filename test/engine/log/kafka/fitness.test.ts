import t from 'tap'
import { type Cluster, judge } from '../../../../engine/log/kafka/fitness.ts'

const three: Cluster = {
  brokers: 3,
  settings: new Map([
    ['transaction.state.log.replication.factor', '3'],
    ['transaction.state.log.min.isr', '2'],
    ['transaction.max.timeout.ms', '900000'],
    ['auto.create.topics.enable', 'false'],
  ]),
  topics: [
    { name: '__transaction_state', replicas: 3, minInsync: 2 },
    { name: 'stratum.facts', replicas: 3, minInsync: 2 },
  ],
}
const wishes = { replication: 3, minInsync: 2 }
const judged = (settings: Record<string, string>, more: Partial<Cluster> = {}, wished = wishes) =>
  judge(
    { ...three, topics: [], ...more, settings: new Map([...three.settings, ...Object.entries(settings)]) },
    wished,
  )

t.test('three brokers, three replicas, two of them in sync', async t => {
  t.strictSame(judge(three, wishes), { refused: [], weak: [] })
})

t.test('one broker, set up for one', async t => {
  const one = judged(
    { 'transaction.state.log.replication.factor': '1', 'transaction.state.log.min.isr': '1' },
    { brokers: 1 },
    { replication: 1, minInsync: 1 },
  )
  t.strictSame(one, { refused: [], weak: [] })
})

t.test('a user that may ask nothing is told nothing wrong', async t => {
  t.strictSame(judge({ brokers: 3, settings: new Map(), topics: [] }, wishes), { refused: [], weak: [] })
})

t.test('refused', async t => {
  const alone = { replication: 1, minInsync: 1 }
  t.match(judged({}, { brokers: 1 }, alone).refused, [/replication\.factor is 3 .* 1 broker/])
  t.match(judged({ 'transaction.state.log.min.isr': '4' }).refused, [/min\.isr is 4.* 3 replicas/])
  const log = [{ name: '__transaction_state', replicas: 1, minInsync: 2 }]
  t.match(judged({}, { topics: log }).refused, [/min\.isr is 2.* 1 replica at most/])
  t.match(judged({ 'transaction.max.timeout.ms': '5000' }).refused, [/5000.*10000/])
  t.match(judged({}, {}, { replication: 2, minInsync: 3 }).refused, [
    /minInsync is 3 and kafka\.replication 2/,
  ])
  const facts = [{ name: 'stratum.facts', replicas: 1, minInsync: 2 }]
  t.match(judged({}, { topics: facts }).refused, [/stratum\.facts has 1 replica .*replicas 2/])
})

t.test('weak', async t => {
  t.match(judged({}, {}, { replication: 1, minInsync: 1 }).weak, [/kafka\.replication is 1/])
  t.match(judged({}, {}, { replication: 3, minInsync: 1 }).weak, [/kafka\.minInsync is 1/])
  t.match(judged({}, {}, { replication: 3, minInsync: 3 }).weak, [/equals kafka\.replication \(3\)/])
  t.match(judged({ 'auto.create.topics.enable': 'true' }).weak, [/auto\.create/])
  t.match(
    judged({ 'transaction.state.log.replication.factor': '1', 'transaction.state.log.min.isr': '1' }).weak,
    [/log of transactions has one replica/],
  )
  const single = ['a', 'b', 'c', 'd', 'e'].map(name => ({ name, replicas: 1, minInsync: 1 }))
  t.match(judged({}, { topics: single }).weak, [/one replica each have a, b, c and 2 more/])
  const loose = [{ name: 'a', replicas: 3, minInsync: 1 }]
  t.match(judged({}, { topics: loose }).weak, [/min\.insync\.replicas is 1.* of a/])
})
