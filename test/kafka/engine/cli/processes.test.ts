import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { CSV, place } from '../../../engine/cli/commands/place.ts'
import { lines, type Running, start } from '../../../support/program.ts'
import { kafkaMissing, startKafka } from '../../../support/servers/kafka.ts'
import { startWarehouse } from '../../../support/servers/warehouse.ts'

const skip = kafkaMissing() ?? false
t.setTimeout(400_000)

/** Processes that another has started. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(child => Number(/\) \S (\d+)/.exec(stat(child))?.[1]) === pid)
}

function stat(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return ''
  }
}

async function gone(pid: number): Promise<void> {
  while (stat(pid) !== '') await sleep(50)
}

t.test('a worker of several processes', { skip, timeout: 390_000 }, async t => {
  const [kafka, warehouse] = await Promise.all([startKafka(), startWarehouse()])
  t.teardown(() => Promise.all([kafka.stop(), warehouse.stop()]))
  const env = {
    STRATUM_CLOCK__FIXED: '2026-01-15T12:00:00Z',
    STRATUM_KAFKA__BROKERS: kafka.bootstrap,
    STRATUM_KAFKA__GROUPS: '4',
    STRATUM_KAFKA__SESSION_MS: '6000',
    STRATUM_WAREHOUSE__URL: warehouse.url,
  }
  const house = place(t, env)

  async function worker(
    t: Test,
    ...more: string[]
  ): Promise<{ child: Running; other: number; said: string[] }> {
    const args = ['worker', '--processes', '2', '--data', 'workers', ...more]
    const child = start(args, { cwd: house.cwd, env: { ...env, STRATUM_LOGGING__LEVEL: 'info' } })
    t.teardown(() => void child.kill('SIGKILL'))
    const said: string[] = []
    void (async () => {
      for await (const line of lines(child.stderr)) said.push(line)
    })()
    for await (const line of lines(child.stdout)) {
      t.equal(line, 'ready')
      break
    }
    const [other, ...rest] = childrenOf(child.pid!)
    t.ok(other)
    t.equal(rest.length, 0)
    return { child, other: other!, said }
  }

  await t.test('they share the groups, do the work, and end in good order', async t => {
    const { child, other, said } = await worker(t)
    const taken = () => said.filter(l => l.includes('The group was taken over.')).length
    t.match(await house.json('ingest', ...CSV, '--tenant', 'demo', '--data', 'desk'), { read: 5, written: 4 })
    t.ok(taken() >= 4)
    child.kill('SIGTERM')
    t.equal((await once(child, 'exit'))[0], 0)
    await gone(other)
  })

  await t.test('by hand, each takes a part of the share', async t => {
    const { child, said } = await worker(t, '--shards', '1/1')
    const dealt = said
      .filter(l => l.includes('"groups"'))
      .map(l => (JSON.parse(l) as { groups: number[] }).groups.join())
    t.strictSame(dealt.sort(), ['0,2', '1,3'])
    child.kill('SIGTERM')
    t.equal((await once(child, 'exit'))[0], 0)
  })

  await t.test('where one is killed, all end: whoever watches the worker starts it again', async t => {
    const { child, other, said } = await worker(t)
    process.kill(other, 'SIGKILL')
    t.equal((await once(child, 'close'))[0], 1)
    t.match(said.at(-1), /One of the worker's processes ended by SIGKILL/)
  })

  await t.test('where the first is killed, the others do not stay behind', async t => {
    const { child, other } = await worker(t)
    child.kill('SIGKILL')
    await gone(other)
  })
})
