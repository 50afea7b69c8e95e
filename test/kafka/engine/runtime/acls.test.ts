import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { messageOf } from '../../../../engine/errors.ts'
import { clients } from '../../../../engine/log/kafka/client/kafkajs.ts'
import { lagOf } from '../../../../engine/runtime/lag.ts'
import { kafkaMissing, startKafka } from '../../../support/servers/kafka.ts'
import { type Allowed, entryOf, ROLES, words } from './acls.ts'
import { GROUPS, House, type Machine } from './house.ts'

t.setTimeout(580_000)

/** What a role does; rejects with what it is told of a right it lacks. */
type Work = (machine: Machine, house: House, over: AbortSignal) => Promise<void>

const worker: Work = async (machine, house, over) => {
  await machine.worker.start()
  // Who lacks a right is never given them all: the process would not end.
  while (machine.worker.groups.length < GROUPS) {
    await sleep(20)
    over.throwIfAborted()
  }
  await house.append(machine, 8)
  await machine.worker.drain()
}

const works: Readonly<Record<keyof typeof ROLES, Work>> = {
  worker,
  // One worker more, for as long as it runs.
  ingest: worker,
  api: async ({ stores }) => {
    const stop = new AbortController()
    const following = stores.gates.follow(stop.signal)
    try {
      await lagOf(stores)
    } finally {
      stop.abort()
      await following
    }
  },
}

t.test(
  'each role works with its rights, and not without any one',
  { skip: kafkaMissing() ?? false },
  async t => {
    t.setTimeout(570_000)
    const users = Object.fromEntries(
      Object.entries(ROLES).flatMap(([role, allowed]) =>
        [role, ...allowed.map((_, i) => `${role}${i}`)].map(user => [user, `secret of ${user}`]),
      ),
    )
    const kafka = await startKafka({ secured: ['SASL_PLAINTEXT'], users, acls: true })
    t.teardown(() => kafka.stop())
    const house = new House(t, kafka.bootstrap)
    // The topics are there: made by whoever may.
    const first = await house.machine('first')
    await worker(first, house, new AbortController().signal)
    await first.stop()

    const admin = clients({ brokers: [kafka.bootstrap] }).admin()
    await admin.connect()
    t.teardown(() => admin.disconnect())
    const allow = (user: string, allowed: readonly Allowed[]) =>
      admin.createAcls({ acl: allowed.map(a => entryOf(user, a)) })

    /** Does the work as a user: null when it is done, else what it was told. */
    const tried = async (t: Test, user: string, work: Work): Promise<string | null> => {
      const denied: string[] = []
      const hear = (error: unknown) => {
        if (/authoriz|ACL/i.test(messageOf(error))) denied.push(messageOf(error))
      }
      const sasl = { mechanism: 'plain', username: user, password: `secret of ${user}` } as const
      const connection = { brokers: [kafka.secured.SASL_PLAINTEXT!], sasl }
      const over = new AbortController()
      const refusal = async () => {
        while (denied.length === 0 && !over.signal.aborted) await sleep(20)
        throw new Error(denied[0])
      }
      let machine: Machine | undefined
      try {
        const doing = async () => {
          machine = await house.machine(user, { kafka: { connection }, hear })
          machine.worker.failure.catch(hear)
          await work(machine, house, over.signal)
        }
        await Promise.race([doing(), refusal()])
        return null
      } catch (error) {
        t.comment(messageOf(error))
        return messageOf(error)
      } finally {
        over.abort()
        await machine?.stop().catch(() => {})
      }
    }

    await t.test('the README lists the same', async t => {
      const readme = readFileSync(
        new URL('../../../../../engine/log/kafka/README.md', import.meta.url),
        'utf8',
      )
      for (const [role, rights] of Object.entries(ROLES)) {
        const row = readme.split('\n').find(line => line.startsWith(`| \`${role}\``))
        t.equal(row?.split('|')[2]?.trim(), rights.map(words).join(', '))
      }
    })

    for (const role of ['worker', 'ingest', 'api'] as const)
      await t.test(role, async t => {
        t.setTimeout(300_000)
        const rights = ROLES[role]
        await allow(role, rights)
        for (const [i] of rights.entries())
          await allow(
            `${role}${i}`,
            rights.filter((_, j) => j !== i),
          )
        // An access list holds a moment after it has been accepted.
        for (let attempt = 0; (await tried(t, role, works[role])) !== null; attempt++)
          if (attempt === 5) return t.fail('it lacks a right')
        for (const [i, right] of rights.entries())
          t.match(await tried(t, `${role}${i}`, works[role]), /authoriz|ACL/i, `not without ${words(right)}`)
      })
  },
)
