import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { LiveTenants } from '../../../../engine/clock/live.ts'
import { partitionOf } from '../../../../engine/log/partition.ts'
import { tenantOf } from '../../../../engine/log/tenant.ts'
import { readAll } from '../../../contract/event-log/subject.ts'
import { kafkaMissing, startKafka } from '../../../support/servers/kafka.ts'
import { GROUPS, House, type Machine, PARTITIONS } from './house.ts'

t.setTimeout(240_000)

/** Ticks of a tenant so far. */
async function ticks({ stores: { log } }: Machine, tenant: string): Promise<number> {
  const records = await readAll(log, 'stratum.facts', partitionOf(tenant, PARTITIONS))
  return records.filter(r => tenantOf(r.key) === tenant).length
}

const more = async (machine: Machine, tenant: string) => {
  const before = await ticks(machine, tenant)
  while ((await ticks(machine, tenant)) < before + 2) await sleep(50)
}

t.test(
  'one of the workers tells live tenants the time, and another when it goes',
  { skip: kafkaMissing() ?? false, timeout: 240_000 },
  async t => {
    const kafka = await startKafka()
    t.teardown(() => kafka.stop())
    const house = new House(t, kafka.bootstrap)
    const first = await house.machine('first', { tickMs: 100 })
    await first.worker.start()
    while (first.worker.groups.length < GROUPS) await sleep(20)
    const live = await LiveTenants.open(first.stores.log)
    await live.add('acme', '2026-01-15T12:00:00Z')
    await more(first, 'acme')
    t.equal(await ticks(first, 'globex'), 0, 'nobody reads for it')

    const second = await house.machine('second', { tickMs: 100 })
    await second.worker.start()
    while (second.worker.groups.length === 0) await sleep(20)
    await more(second, 'acme')
    await live.add('globex', '2026-01-15T12:00:00Z')
    await more(second, 'globex')

    await first.stop()
    while (second.worker.groups.length < GROUPS) await sleep(20)
    await more(second, 'acme')
    await more(second, 'globex')
    const quiet = second.told.every(({ what }) => what !== 'lost')
    t.ok(quiet, 'no group was lost by it')
  },
)
