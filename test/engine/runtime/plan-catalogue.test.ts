import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { contextOf, itemsOf } from '../../../engine/cli/ask.ts'
import { operations } from '../../../engine/ops/index.ts'
import { openStores } from '../../../engine/runtime/stores.ts'
import { MIGRATIONS } from '../../../engine/store/catalogue/migrations/index.ts'
import type { Migration } from '../../../engine/store/catalogue/port.ts'
import { engineOptions } from '../../support/engine.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { thingsApp } from '../../support/things.ts'

t.setTimeout(240_000)

const next: Migration = {
  version: MIGRATIONS.length + 1,
  name: 'drafts',
  sql: "CREATE TABLE stratum.drafts (tenant_id text); CALL stratum.part_by_tenant('stratum.drafts')",
}

t.test('plan and apply look into the catalogue where there is one', async t => {
  const dataDir = temporaryFolder(t)
  const release = async <T>(
    migrations: readonly Migration[],
    look: (
      ask: (name: string) => Promise<unknown[]>,
      stores: Awaited<ReturnType<typeof openStores>>,
    ) => Promise<T>,
  ) => {
    const stores = await openStores(thingsApp, engineOptions(dataDir, { catalogue: { migrations } }))
    const context = contextOf(stores, null)
    const ask = async (name: string) => {
      const items: unknown[] = []
      const answer = operations[name]!(context, {}, new AbortController().signal)
      for await (const item of itemsOf(answer)) items.push(item)
      return items.filter(item => (item as { what: string }).what === 'catalogue')
    }
    try {
      return await look(ask, stores)
    } finally {
      await stores.close()
    }
  }
  const change = { what: 'catalogue', name: `step ${next.version}`, action: 'alter', detail: 'drafts' }

  await release(MIGRATIONS, async (ask, stores) => {
    t.same(await ask('plan'), [])
    t.same(await ask('apply'), [])
    t.notOk(existsSync(join(dataDir, 'catalogue')), 'nobody has asked it: nothing is opened, nothing is made')
    await (await stores.catalogue()).query('system', 'SELECT 1')
    t.same(await ask('plan'), [])
  })
  await release([...MIGRATIONS, next], async ask => {
    t.match(await ask('plan'), [change])
    t.match(await ask('plan'), [change], 'plan changes nothing')
    t.match(await ask('apply'), [change])
    t.same(await ask('plan'), [])
  })
  await release(MIGRATIONS, async ask => {
    const refused = { code: 'TABLE_MISMATCH', message: /run the newer release/ }
    await t.rejects(ask('plan'), refused)
    await t.rejects(ask('apply'), refused)
  })
})
