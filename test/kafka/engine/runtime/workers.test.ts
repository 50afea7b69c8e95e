import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { clients } from '../../../../engine/log/kafka/client/kafkajs.ts'
import { kafkaMissing, startKafka } from '../../../support/servers/kafka.ts'
import { GROUPS, House, type Machine } from './house.ts'

const skip = kafkaMissing() ?? false
/** Longer than these tests may take: who waits for it fails. */
const NEVER_MS = 300_000
t.setTimeout(240_000)

/** Looks until it is so. */
async function until(so: () => boolean): Promise<void> {
  while (!so()) await sleep(20)
}

const all = Array.from({ length: GROUPS }, (_, group) => group)
const has = ({ worker }: Machine, n: number) => worker.groups.length === n
const shared = (...machines: readonly Machine[]) =>
  machines.flatMap(({ worker }) => worker.groups).sort((a, b) => a - b)

t.test('workers share the groups, and hand them over at once', { skip, timeout: 240_000 }, async t => {
  const kafka = await startKafka({ settings: { 'group.max.session.timeout.ms': NEVER_MS } })
  t.teardown(() => kafka.stop())
  const house = new House(t, kafka.bootstrap)

  const first = await house.machine('first', { sessionMs: NEVER_MS })
  await first.worker.start()
  await until(() => has(first, GROUPS))
  await house.append(first, 12)
  await first.worker.drain()

  const second = await house.machine('second', { sessionMs: NEVER_MS })
  await second.worker.start()
  await until(() => has(first, GROUPS / 2) && has(second, GROUPS / 2))
  t.same(shared(first, second), all, 'each group has one owner')
  const kept = first.worker.groups
  await house.append(second, 12)
  await second.worker.drain()
  await house.holds(t)
  t.same(first.worker.groups, kept)
  t.same(
    first.told.filter(e => e.what === 'lost'),
    [],
    'nobody was fenced',
  )

  // Were it to be missed by its session, the test would be over first.
  await first.stop()
  await until(() => has(second, GROUPS))
  await house.append(second, 12)
  await second.worker.drain()
  await house.holds(t)
})

t.test(
  'state after a clean stop, after others were at work, and without a disk',
  { skip, timeout: 240_000 },
  async t => {
    const kafka = await startKafka()
    t.teardown(() => kafka.stop())
    const house = new House(t, kafka.bootstrap)
    const by = async (disk: string, things: number) => {
      const machine = await house.machine(disk)
      await machine.worker.start()
      await until(() => has(machine, GROUPS))
      if (things > 0) await house.append(machine, things)
      await machine.worker.drain()
      await house.holds(t)
      await machine.stop()
      return machine.restored.sort((a, b) => a.group - b.group)
    }
    const every = (how: string) => all.map(group => ({ group, how }))

    await by('one', 400)
    const again = await by('one', 0)
    t.match(again, every('current'))
    t.ok(
      again.every(({ records }) => records === 0),
      'a clean stop: nothing of the changelog is read',
    )

    await by('two', 8)
    const behind = await by('one', 0)
    t.match(behind, every('tail'))
    const whole = await by('three', 0)
    t.match(whole, every('whole'))
    for (const group of all)
      t.ok(
        behind[group]!.records < whole[group]!.records / 2,
        `${behind[group]!.records} of ${whole[group]!.records}`,
      )
  },
)

t.test('what was fixed when topics were made is refused to change', { skip, timeout: 240_000 }, async t => {
  const kafka = await startKafka()
  t.teardown(() => kafka.stop())
  const house = new House(t, kafka.bootstrap)
  const first = await house.machine('first')
  await first.worker.start()
  await until(() => has(first, GROUPS))
  await house.append(first, 40)
  await first.worker.drain()
  await first.stop()

  await t.test('the number of groups', async t => {
    await t.rejects(house.machine('first', { kafka: { groups: GROUPS + 1 } }), {
      code: 'TOPIC_MISMATCH',
      message: /stratum\.state: partitions is 4, this release needs 5.*fixed/,
    })
  })

  await t.test('the number of partitions', async t => {
    const machine = await house.machine('first', { facts: 3 })
    await t.rejects(machine.worker.start(), {
      message:
        /topic stratum\.things: refuse: it has 4 partitions.*this release needs 3.*set log\.partitions back/s,
    })
    await machine.stop()
  })

  await t.test('the offsets of a group, by a tool', async t => {
    const machine = await house.machine('first')
    await machine.worker.start()
    await until(() => has(machine, GROUPS))
    const at = await machine.stores.log.position('sink.things', 'stratum.things', 1)
    await machine.stop()
    t.ok(at! > 1)
    const moved = (offset: number) =>
      setOffset(kafka.bootstrap, 'stratum.sink.things', 'stratum.things', 1, offset)
    await moved(1)
    const refused = await house.machine('first')
    await refused.worker.start()
    await t.rejects(refused.worker.failure, {
      code: 'LOG_CORRUPT',
      message: /stratum\.sink\.things stands at 1 of stratum\.things\/1.*--reset-offsets --to-offset/,
    })
    await refused.stop()
    await moved(at!)
    const fine = await house.machine('first')
    await fine.worker.start()
    await until(() => has(fine, GROUPS))
    await house.append(fine, 8)
    await fine.worker.drain()
    await house.holds(t)
  })
})

async function setOffset(
  bootstrap: string,
  groupId: string,
  topic: string,
  partition: number,
  offset: number,
) {
  const admin = clients({ brokers: [bootstrap] }).admin()
  await admin.connect()
  await admin.setOffsets({ groupId, topic, partitions: [{ partition, offset: String(offset) }] })
  await admin.disconnect()
}
