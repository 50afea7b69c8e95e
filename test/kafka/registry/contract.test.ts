import t, { type Test } from 'tap'
import { ConfluentRegistry } from '../../../engine/codec/registry/confluent.ts'
import { LmdbLog } from '../../../engine/log/lmdb/log.ts'
import { kindsOf } from '../../../engine/runtime/stores.ts'
import { app } from '../../../stratum.ts'
import { schemaRegistryContract, V1 } from '../../contract/schema-registry.ts'
import { standard } from '../../support/engine.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { apicurioMissing, startApicurio } from '../../support/servers/apicurio.ts'

/** The client against a registry that others have made: a server of our own knows only what we know. */
const missing = apicurioMissing()
if (missing) {
  t.comment(missing)
  t.pass(missing, { skip: missing })
} else {
  t.setTimeout(600_000)
  const server = await startApicurio()
  t.teardown(() => server.stop())
  let places = 0

  /** A prefix is a place of its own. */
  const place = (t: Test) => {
    const log = new LmdbLog(temporaryFolder(t))
    t.teardown(() => log.close())
    const prefix = `place${places++}.`
    return async () => {
      const registry = await ConfluentRegistry.open(log, { urls: [server.url], prefix, lagMs: 10 })
      t.teardown(() => registry.close())
      return registry
    }
  }

  schemaRegistryContract(t, async t => place(t))

  t.test('it takes the schemas of every kind that we write, and gives them back', async t => {
    const registry = await place(t)()
    const kinds = kindsOf(app(standard))
    for (const { name, schema } of kinds) {
      const id = await registry.register(name, schema)
      t.equal(await registry.register(name, schema), id)
    }
    t.strictSame(
      (await registry.subjects()).map(s => s.subject),
      kinds.map(kind => kind.name).sort(),
    )
    t.strictSame(await registry.warnings(kinds.map(kind => kind.name)), [])
  })

  t.test('killed and started anew it has lost everything, and is not taken for what it was', async t => {
    const open = place(t)
    const first = await open()
    await first.register('sale', V1)
    await first.register('refund', { ...(V1 as object), name: 'refund' } as never)
    await server.restart()
    const registry = await open()
    await t.rejects(registry.register('refund', { ...(V1 as object), name: 'refund' } as never), {
      code: 'CONFIG_INVALID',
    })
  })
}
