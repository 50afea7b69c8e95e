import { EventEmitter } from 'node:events'
import type { Consumer, ConsumerConfig } from 'kafkajs'
import t from 'tap'
import type { Clients } from '../../../../engine/log/kafka/client/kafkajs.ts'
import { Member } from '../../../../engine/runtime/worker/member.ts'

const events = { GROUP_JOIN: 'join', CRASH: 'crash', HEARTBEAT: 'heartbeat' }

/** What kafkajs gives, as far as a member uses it. */
class FakeConsumer extends EventEmitter {
  readonly events = events
  readonly config: ConsumerConfig
  readonly #refuses: () => boolean
  isIn = false

  constructor(config: ConsumerConfig, refuses: () => boolean) {
    super()
    this.config = config
    this.#refuses = refuses
  }

  async connect(): Promise<void> {
    if (this.#refuses()) throw new Error('away')
  }

  async subscribe(): Promise<void> {}

  async run(): Promise<void> {
    this.isIn = true
    this.deal([0, 1])
  }

  deal(groups: number[]): void {
    this.emit(events.GROUP_JOIN, { payload: { memberAssignment: { groups } } })
  }

  crash(): void {
    this.isIn = false
    this.emit(events.CRASH, { payload: { error: new Error('crashed') } })
  }

  async disconnect(): Promise<void> {
    this.isIn = false
  }
}

function member(more: { readonly silentMs?: number } = {}) {
  const made: FakeConsumer[] = []
  const dealt: (readonly number[])[] = []
  const troubles: string[] = []
  const refusals = { left: 0 }
  const consumer = (config: ConsumerConfig) => {
    const fake = new FakeConsumer(config, () => refusals.left-- > 0)
    made.push(fake)
    return fake as unknown as Consumer
  }
  const own = new Member({
    clients: { consumer } as Partial<Clients> as Clients,
    topic: 'groups',
    consumerGroup: 'workers',
    groups: 2,
    held: () => [],
    onDealt: groups => dealt.push(groups),
    onTrouble: error => troubles.push((error as Error).message),
    pauseMs: 1,
    ...more,
  })
  return { own, made, dealt, troubles, refusals }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate)
}

t.test(
  'a worker whose membership was begun anew stayed in the group twice, and half of it did nothing',
  async t => {
    const { own, made, dealt } = member()
    await own.join()
    t.equal(
      await made[0]!.config.retry!.restartOnFailure!(new Error('x')),
      false,
      'nobody else starts it again',
    )
    made[0]!.crash()
    await until(() => made[1]?.isIn === true)
    t.equal(made.filter(c => c.isIn).length, 1)
    made[0]!.deal([1])
    made[0]!.crash()
    await new Promise(resolve => setTimeout(resolve, 20))
    t.equal(made.length, 2, 'what an earlier one says does not count')
    t.same(dealt, [
      [0, 1],
      [0, 1],
    ])
    await own.leave()
    t.equal(made.filter(c => c.isIn).length, 0)
  },
)

t.test('a worker that could not join again while the broker was away never did', async t => {
  const { own, made, troubles, refusals } = member()
  await own.join()
  refusals.left = 3
  made[0]!.crash()
  await until(() => made.at(-1)!.isIn && made.length > 1)
  t.same(troubles, ['crashed', 'away', 'away', 'away'])
  t.equal(made.filter(c => c.isIn).length, 1)
  await own.leave()
})

t.test(
  'a member is confirmed by what the coordinator says from then on, not by what it has said',
  async t => {
    const { own, made } = member()
    await own.join()
    let confirmed = 0
    const ask = () => void own.confirmed().then(() => confirmed++)
    ask()
    await new Promise(setImmediate)
    t.equal(confirmed, 0)
    made[0]!.emit(events.HEARTBEAT)
    await until(() => confirmed === 1)
    made[0]!.crash()
    ask()
    made[0]!.emit(events.HEARTBEAT)
    await until(() => confirmed === 2 && made[1]?.isIn === true)
    t.equal(made.length, 2, 'by the new deal')
    ask()
    await own.leave()
    await until(() => confirmed === 3)
  },
)

t.test(
  'a consumer of which nothing was heard any more kept its worker from ever opening a lost group',
  async t => {
    const { own, made, troubles } = member({ silentMs: 10 })
    await own.join()
    await own.confirmed()
    t.equal(made.length, 2, 'it has joined anew')
    t.match(troubles, [/joining anew/])
    await own.leave()
  },
)

t.test('one that waits to join again can be stopped', async t => {
  const { own, made, refusals } = member()
  refusals.left = Number.POSITIVE_INFINITY
  const joining = own.join()
  await until(() => made.length > 2)
  await own.leave()
  await joining
  t.equal(made.filter(c => c.isIn).length, 0)
})
