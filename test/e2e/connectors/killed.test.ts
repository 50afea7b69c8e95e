import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Fault, Plan } from '../../../engine/source/conformance/proxy/fault.ts'
import { FaultProxy } from '../../../engine/source/conformance/proxy/proxy.ts'
import { withOrigin } from '../../../engine/source/conformance/proxy/rewrite.ts'
import { openChdb } from '../../../engine/store/clickhouse.ts'
import { chance } from '../../../plugins/simulator/random.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { ended, json, run, start } from '../../support/program.ts'
import { held, missing } from './held.ts'
import { platforms } from './ledgers.ts'

const SEED = Number(process.env.STRATUM_TEST_SEED ?? 5)
const HOUR_US = 3_600_000_000
const KILLS_EACH = 2
/** Within so many requests of data every kill falls, and tokens end that are renewed. */
const WITHIN = 7
/** The others end after so many: then there is something to go on from. */
const LATE = { from: 15, to: 25 }
/** From an answer to a kill, while what it held is committed. */
const AFTER_MS = 60

t.setTimeout(600_000)

// The clock that platforms and program share goes on between runs: days of the past are restated, tokens end.
t.test(
  'kill -9 in the middle of syncs, tokens that end and history restated: tables are the ledgers',
  async t => {
    t.comment(`STRATUM_TEST_SEED=${SEED}`)
    const random = chance(SEED, 'kills')
    const clock = { at: Date.parse('2026-04-15T09:30:00Z') * 1000 }
    const data = join(temporaryFolder(t), 'data')
    const folder = temporaryFolder(t)
    const key = Buffer.from(`key of these tests ${SEED}`.padEnd(32, '.')).toString('base64')
    const env = () => ({
      STRATUM_CLOCK__FIXED: new Date(clock.at / 1000).toISOString(),
      STRATUM_SECRETS__KEYS: key,
    })
    const place = ['--tenant', 'acme', '--data', data]
    const all = await platforms(SEED, () => clock.at)
    for (const platform of all.values()) t.teardown(() => platform.close())
    const proxies = new Map<string, FaultProxy>()
    /** Access tokens of an hour have ended by then, and figures have changed. */
    const later = () => {
      clock.at += 5 * HOUR_US
      for (const platform of all.values()) platform.restate?.()
    }
    const told = (name: string, config: object) => {
      const file = join(folder, `${name}.json`)
      writeFileSync(file, JSON.stringify(config))
      return ['--settings', file, ...place]
    }
    const sync = (name: string) => ['connections', 'sync', name, ...place]

    for (const [name, { config }] of all) {
      const { origin } = new URL(String(config.base_url))
      const proxy = await FaultProxy.start(new URL(origin))
      t.teardown(() => proxy.close())
      proxies.set(name, proxy)
      const how = told(name, withOrigin(config, origin, proxy.origin))
      const added = ['connections', 'add', name, '--schedule', 'manual', '--no-check', ...how]
      t.match(await run(added, { env: env() }), { code: 0 }, `${name} is connected`)
    }

    /** Something happens at the so many-th request of data from now on, which is told once it has. */
    const at = (name: string, nth: number, fault: (path: string) => Fault | null) => {
      const [proxy, { data: asked }] = [proxies.get(name)!, all.get(name)!]
      let n = 0
      const plan: Plan = () => {
        const { path } = proxy.seen.at(-1)!
        return asked.test(path) && ++n === nth ? fault(path) : null
      }
      proxy.spoil(plan)
    }

    for (let n = 0; n < KILLS_EACH; n++)
      for (const [i, name] of [...all.keys()].entries()) {
        const nth = random.between(1, WITHIN)
        const how = (['before', 'after', 'soon after'] as const)[(n + i) % 3]!
        const waits = how === 'soon after' ? random.between(1, AFTER_MS) : 0
        const child = start(sync(name), { env: env() })
        let path: string | null = null
        const kill = () => child.kill('SIGKILL')
        at(name, nth, asked => {
          path = asked.split('?')[0]!
          if (how !== 'before')
            return { kind: 'whole', after: () => void (waits ? setTimeout(kill, waits) : kill()) }
          kill()
          return { kind: 'silent' }
        })
        const [{ out }, [, signal]] = await Promise.all([ended(child), once(child, 'close')])
        proxies.get(name)!.spoil(null)
        t.same(
          { out, signal },
          { out: '', signal: 'SIGKILL' },
          `${name}, ${how} ${waits} ms the answer to ${nth}: ${path}`,
        )
        later()
      }

    const resumed = new Map<string, number>()
    /** How many records a sync has read. */
    const read = async (name: string) => {
      const { records } = await json<{ readonly records: number }>(sync(name), { env: env() })
      t.pass(`${name}: ${records} records`)
      return records
    }
    for (const [name, { expire, again }] of all) {
      let wasAsked = false
      at(name, again ? random.between(LATE.from, LATE.to) : random.between(1, WITHIN), () => {
        expire()
        wasAsked = true
        return null
      })
      const first = await run(sync(name), { env: env() })
      t.ok(wasAsked, `${name}: its token ended in the middle`)
      proxies.get(name)!.spoil(null)
      if (!again) {
        t.match(first, { code: 0 }, `${name} renewed it`)
        continue
      }
      t.match(
        first,
        { code: 1, err: /Connect it again.*`stratum connections change/ },
        `${name} asks for another`,
      )
      clock.at += 1_000_000
      const change = ['connections', 'change', name, ...told(name, again())]
      t.match(await run(change, { env: env() }), { code: 0 }, `${name} is given another`)
      clock.at += 1_000_000
      resumed.set(name, await read(name))
    }

    // What was restated while a sync was interrupted is seen by the next one, which looks back.
    later()
    clock.at += HOUR_US
    for (const name of all.keys()) {
      const n = await read(name)
      const rest = resumed.get(name)
      if (rest !== undefined)
        t.ok(rest < n, `${name} had gone on where it was: ${rest} records, of ${n} in all`)
    }
    t.match(await run(['verify', '--exactly-once', '--data', data], { env: env() }), { code: 0 })

    const warehouse = await openChdb(data, 'stratum')
    t.teardown(() => warehouse.close())
    for (const [name, platform] of all)
      for (const [table, owed] of Object.entries(platform.owed())) {
        const found = await held(warehouse, table, name, Object.keys(owed[0]!))
        t.equal(found.length, owed.length, `${name}: ${table} has ${owed.length} rows`)
        t.same(missing(found, owed), [], `${name}: ${table} has no other rows than the ledger's`)
        t.same(missing(owed, found), [], `${name}: ${table} has all of the ledger's`)
      }
  },
)
