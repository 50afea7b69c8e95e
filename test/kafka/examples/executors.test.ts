import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { partitionOf } from '../../../engine/log/partition.ts'
import type { ActionRecord } from '../../../pipelines/autopilot/kinds.ts'
import { made, signing } from '../../engine/execute/house.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { documents } from '../../support/program.ts'
import { kafkaMissing, startKafka } from '../../support/servers/kafka.ts'
import { runToEnd } from '../../support/servers/machine.ts'
import { foldOn, PARTITIONS } from './fold.ts'
import { node, python } from './languages.ts'

const LANGUAGES = { node: node('execute'), python: python('execute') } as const
const HOUR_US = 3_600_000_000
t.setTimeout(580_000)

interface Said {
  readonly tenant: string
  readonly action_id: string
  readonly mode: string
  readonly outcome: string
  readonly code: string | null
  readonly found: unknown
  readonly accepted: boolean
}

interface Line {
  readonly idempotency_key?: string
  readonly action_id?: string
  readonly entity: string
  readonly found: { readonly budget_micros: number }
}

t.test(
  'executors with no code of ours carry out what is approved, once, and say what came of it',
  { skip: kafkaMissing() ?? false },
  async t => {
    t.setTimeout(570_000)
    const kafka = await startKafka()
    t.teardown(() => kafka.stop())
    const { fold, switched, heard, trouble } = await foldOn(t, kafka.bootstrap)
    /** Of what the fold says of kill switches. */
    let revision = 0
    const { public_key } = signing.publicKeys()[0]!

    for (const [language, { missing, command }] of Object.entries(LANGUAGES))
      await t.test(language, { skip: missing ?? false }, async (t: Test) => {
        // CRC-32 is of bytes, not of letters.
        const tenant = `${language}-ü`
        const ledger = join(temporaryFolder(t), 'ledger.jsonl')
        const entityOf = (id: string) => `meta:1:${id}`
        /** Somebody else writes what is in force. */
        const is = (id: string, budget_micros: number) =>
          appendFileSync(ledger, `${JSON.stringify({ entity: entityOf(id), found: { budget_micros } })}\n`)
        /** An action on an entity of its own, at 50, to 60. */
        const put = (id: string, more: Partial<ActionRecord> = {}, budget_micros = 50_000_000) => {
          is(id, budget_micros)
          const whose = { tenant_id: tenant, action_id: id, entity: entityOf(id), campaign_id: id }
          return fold.put(made({ ...whose, idempotency_key: `${id}/1`, ...more }))
        }
        const execute = async (whose: string, n: number) => {
          const [program, ...args] = await command()
          const env = [`PUBLIC_KEY=${public_key}`, `LEDGER=${ledger}`]
          const out = await runToEnd('env', [...env, program, ...args, kafka.bootstrap, whose, String(n)])
          t.equal(trouble(), null)
          return documents<Said>(out)
        }
        const written = () =>
          documents<Line>(readFileSync(ledger, 'utf8')).filter(line => line.idempotency_key)
        const resultsOf = (id: string) => fold.results.filter(({ action_id }) => action_id === id)
        const idOf = (name: string) => `${language}-${name}`
        const [a, b, other, busy] = [idOf('a'), idOf('b'), idOf('other'), idOf('busy')]
        const [waiting, forged, unwritten, lost] = ['waiting', 'forged', 'unwritten', 'lost'].map(idOf) as [
          string,
          string,
          string,
          string,
        ]
        const found = { budget_micros: 60_000_000 }

        await put(other, { tenant_id: `${language}-other` })
        await put(busy, { lease_holder: 'another', lease_until: Date.now() * 1000 + HOUR_US })
        await put(waiting, { state: 'QUEUED' })
        await put(a)
        await put(b)
        const applied = await execute(tenant, 2)
        const row = { tenant, mode: 'WRITE', outcome: 'APPLIED', code: null, found, accepted: true }
        t.same(
          applied.sort((x, y) => (x.action_id < y.action_id ? -1 : 1)),
          [a, b].map(action_id => ({ ...row, action_id })),
        )
        t.same(
          written()
            .map(line => line.idempotency_key)
            .sort(),
          [`${a}/1`, `${b}/1`],
        )
        for (const id of [a, b]) {
          t.equal(fold.actions.get(id)!.state, 'APPLIED')
          t.match(resultsOf(id), [{ outcome: 'APPLIED', attempt: 1, found, code: null }])
        }
        const asked = heard.filter(({ command }) => command.tenant_id === tenant)
        t.equal(asked.length, 4, 'nothing is asked for what is busy or waits for approval')
        for (const { partition, key, command } of asked)
          t.same([partition, key, command.role], [partitionOf(tenant, PARTITIONS), tenant, 'EXECUTOR'])
        t.equal(new Set(asked.map(({ command }) => command.event_id)).size, 4)
        t.notOk(heard.some(({ command }) => command.tenant_id === `${language}-other`))
        await put(busy, { state: 'DISMISSED', revision: 9 })

        fold.forge = answer => {
          answer.permit = { ...(answer.permit as object), after: 999_000_000 }
        }
        await put(forged)
        t.match(await execute(tenant, 1), [
          { action_id: forged, outcome: 'NOT_SENT', code: 'PERMIT_INVALID', found: null, accepted: true },
        ])
        fold.forge = () => {}
        t.match(resultsOf(forged), [{ outcome: 'NOT_SENT', code: 'PERMIT_INVALID' }])
        t.equal(written().length, 2, 'a forged permit writes nothing')
        await put(forged, { state: 'DISMISSED', revision: 9 })

        await put(unwritten, { settle: true })
        t.match(await execute(tenant, 1), [
          { action_id: unwritten, mode: 'SETTLE', outcome: 'NOT_WRITTEN', code: 'SETTLED', accepted: true },
        ])
        t.equal(written().length, 2, 'to settle writes nothing')
        await put(unwritten, { state: 'DISMISSED', revision: 9 })

        // Written by a process that said nothing of it.
        await put(lost, { settle: true }, 60_000_000)
        t.match(await execute(tenant, 1), [
          { action_id: lost, mode: 'SETTLE', outcome: 'APPLIED', found, accepted: true },
        ])
        t.equal(written().length, 2)

        const [moved, gone] = [idOf('moved'), idOf('gone')]
        await put(moved, {}, 55_000_000)
        t.match(await execute(tenant, 1), [
          { action_id: moved, outcome: 'FAILED', code: 'DRIFT', found: { budget_micros: 55_000_000 } },
        ])
        t.match(resultsOf(moved), [{ outcome: 'FAILED', code: 'DRIFT', written_at: null }])
        await put(gone, { settle: true }, 55_000_000)
        t.match(await execute(tenant, 1), [
          { action_id: gone, mode: 'SETTLE', outcome: 'FAILED', code: 'DRIFT', accepted: true },
        ])
        t.equal(written().length, 2, 'what somebody else has changed meanwhile is not written')

        // Engaged when the lease is asked for: the fold has not seen it, and gives a permit.
        const stop = idOf('stopped')
        const stopped = async (engage: () => Promise<unknown>, outcome: object) => {
          fold.onCommand = ({ command }) => command === 'action.lease' && engage()
          t.match(await execute(tenant, 1), [{ action_id: stop, mode: 'WRITE', ...outcome }])
          fold.onCommand = () => {}
        }
        const withheld = { outcome: 'NOT_SENT', code: 'KILL_SWITCH_ENGAGED', found: null, accepted: true }
        const say = (engaged: boolean, commands = '[]', tenant_id = tenant) =>
          switched({ tenant_id, engaged, commands, revision: ++revision })
        await put(stop)
        await stopped(
          () => switched({ tenant_id: tenant, engaged: true, revision: 0, commands: '["c1"]' }),
          withheld,
        )
        await stopped(() => say(false), withheld)
        await stopped(() => say(true), withheld)
        await say(false, '["c1"]')
        await stopped(() => say(true, '[]', '*'), withheld)
        t.equal(written().length, 2, 'under a kill switch nothing is written')
        fold.exemption = 'ROLLBACK_UNDER_KILL_SWITCH'
        await stopped(() => say(true), withheld)
        await say(false, '[]', '*')
        await stopped(async () => {}, { outcome: 'APPLIED' })
        fold.exemption = null
        t.equal(written().length, 3, "a rollback that an ADMIN asked for passes the tenant's own")

        t.match(await execute('all', 1), [
          { tenant: `${language}-other`, action_id: other, outcome: 'APPLIED' },
        ])
        t.equal(written().length, 4)
      })
  },
)
