import t from 'tap'
import { ConfluentRegistry } from '../../../../engine/codec/registry/confluent.ts'
import { LmdbLog } from '../../../../engine/log/lmdb/log.ts'
import { schemaRegistryContract } from '../../../contract/schema-registry.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { startRegistry } from '../../../support/servers/registry.ts'

t.test('contract', async t => {
  schemaRegistryContract(t, async t => {
    const { url } = await startRegistry(t, { firstId: 100_001 })
    const log = new LmdbLog(temporaryFolder(t))
    t.teardown(() => log.close())
    return async () => {
      const registry = await ConfluentRegistry.open(log, { urls: [url], lagMs: 1 })
      t.teardown(() => registry.close())
      return registry
    }
  })
})
