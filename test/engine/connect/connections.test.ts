import pg from 'pg'
import t from 'tap'
import { startEmbedded } from '../../../engine/store/catalogue/embedded.ts'
import { connectionsContract } from '../../contract/connections.ts'
import { temporaryFolder } from '../../support/folder.ts'

// The first start takes seconds and there is one database: emptied for each.
const { close, ...options } = await startEmbedded(temporaryFolder(t))
t.teardown(() => close?.())

connectionsContract(t, {
  async database() {
    const owner = new pg.Client(options.pool)
    await owner.connect()
    await owner.query('DROP SCHEMA IF EXISTS stratum CASCADE')
    await owner.end()
    return options
  },
})
