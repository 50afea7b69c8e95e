import t from 'tap'
import { connectionOptions } from '../../../engine/store/catalogue/connection.ts'
import { isolating } from '../../contract/catalogue/isolating.ts'
import { catalogueContract } from '../../contract/catalogue.ts'
import { postgresMissing, startPostgres } from '../../support/servers/postgres.ts'

t.setTimeout(600_000)

const missing = postgresMissing()
if (missing !== null) t.pass(missing, { skip: missing })
else {
  const server = await startPostgres()
  t.teardown(() => server.stop())
  let databases = 0
  const labOf = (user: string) => ({
    database: async () => {
      const name = `catalogue_${++databases}`
      await server.sql(`CREATE DATABASE ${name} OWNER ${user}`)
      return connectionOptions({ url: server.url.replace(/[^/]*@/, '').replace(/[^/]+$/, name), user })
    },
  })
  t.test('of a superuser', async t => catalogueContract(t, labOf('stratum')))

  t.test('of a user who may make roles and is no superuser', async t => {
    await server.sql('DROP ROLE IF EXISTS plain; CREATE ROLE plain LOGIN CREATEROLE')
    isolating(t, labOf('plain'))
  })
}
