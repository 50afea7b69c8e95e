import t from 'tap'
import { kafkaMissing, startKafka } from '../../support/servers/kafka.ts'
import { type Chosen, House, TENANT } from './house.ts'

const BACKLOG = 3_000
t.setTimeout(300_000)

// From a platform's words to a change on it, by the program over Kafka, the real fold and executor, and kill -9.
t.test(
  'an approved action is written once, whatever the process dies of',
  { skip: kafkaMissing() ?? false },
  async t => {
    const kafka = await startKafka()
    t.teardown(() => kafka.stop())
    const house = await House.open(t, kafka.bootstrap)
    await house.connect()
    await house.start()
    await house.stratum('connections', 'sync', 'meta', '--tenant', TENANT)
    const [first, waiting, looked, written, stopped] = house.campaigns() as [
      Chosen,
      Chosen,
      Chosen,
      Chosen,
      Chosen,
    ]
    t.ok(stopped, 'there are campaigns enough')
    const statusOf = ({ id }: Chosen) => house.meta.store.inForce(house.meta.store.node(id)!).status
    const ends = ({ state }: { state: string }) => state === 'APPLIED' || state === 'FAILED'

    await t.test('leased, applied once, confirmed', async t => {
      const id = await house.pause(first)
      const records = await house.records(id, ends)
      t.match(
        records.map(({ state, lease_holder }) => [state, lease_holder !== null]),
        [
          ['QUEUED', false],
          ['APPROVED', false],
          ['APPROVED', true],
          ['APPLIED', false],
        ],
      )
      t.equal(house.writes(first), 1)
      t.equal(statusOf(first), 'PAUSED')
    })

    await t.test('killed between approval and lease', async t => {
      const id = await house.queue(waiting.entity, 'CAMPAIGN_PAUSE')
      await house.kill()
      await house.post('autopilot.approve', { action_id: id })
      await house.start()
      t.match((await house.records(id, ends)).at(-1), { state: 'APPLIED', attempt: 1 })
      t.equal(house.writes(waiting), 1)
      t.equal(statusOf(waiting), 'PAUSED')
    })

    await t.test('killed when it has the lease and looks what there is', async t => {
      const dead = house.at(
        looked,
        () => true,
        () => {
          house.signal('SIGKILL')
          return 'silent'
        },
      )
      const id = await house.pause(looked)
      await dead
      await house.kill()
      house.pass(10)
      await house.start()
      t.match((await house.records(id, ends)).at(-1), { state: 'FAILED', code: 'NOT_WRITTEN' })
      t.equal(house.writes(looked), 0, 'whether somebody has taken it back is not known: a person says')
      await house.ask('autopilot.retry', { action_id: id })
      await house.ask('autopilot.approve', { action_id: id })
      await house.records(id, ({ state }) => state === 'APPLIED')
      t.equal(house.writes(looked), 1)
      t.equal(statusOf(looked), 'PAUSED')
    })

    await t.test('killed right after the write', async t => {
      let sent = false
      const dead = house.at(
        written,
        method => {
          if (method === 'GET' && sent) return true
          sent ||= method === 'POST'
          return false
        },
        () => {
          house.signal('SIGKILL')
          return 'silent'
        },
      )
      const id = await house.pause(written)
      await dead
      await house.kill()
      t.equal(statusOf(written), 'PAUSED')
      house.pass(10)
      await house.start()
      const records = await house.records(id, ends)
      t.match(records.at(-1), { state: 'APPLIED', attempt: 1 })
      t.equal(house.writes(written), 1, 'found in force, and not sent again')
    })

    await t.test('the kill switch stops a write past a backlog of the fold', async t => {
      const frozen = house.at(
        stopped,
        () => true,
        () => {
          house.signal('SIGSTOP')
          return 'answered'
        },
      )
      const id = await house.pause(stopped)
      await frozen
      await house.backlog(BACKLOG)
      await house.post('killswitch.engage', { reason: 'stop' })
      house.signal('SIGCONT')
      const [last] = (
        await house.records(id, ({ revision, lease_holder }) => revision > 3 && lease_holder === null)
      ).slice(-1)
      t.match(last, { state: 'APPROVED', lease_holder: null })
      t.equal(house.writes(stopped), 0)
      await house.ask('killswitch.release', { reason: 'go' })
      await house.open()
      await house.records(id, ends)
      t.equal(house.writes(stopped), 1, 'released, it is written once')
    })
  },
)
