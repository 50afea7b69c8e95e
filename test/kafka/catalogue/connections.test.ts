import t from 'tap'
import { connectionOptions } from '../../../engine/store/catalogue/connection.ts'
import { connectionsContract } from '../../contract/connections.ts'
import { postgresMissing, startPostgres } from '../../support/servers/postgres.ts'

const missing = postgresMissing()
if (missing !== null) t.pass(missing, { skip: missing })
else {
  const server = await startPostgres()
  t.teardown(() => server.stop())
  let databases = 0
  connectionsContract(t, {
    database: async () => {
      const name = `connections_${++databases}`
      await server.sql(`CREATE DATABASE ${name} OWNER stratum`)
      return connectionOptions({
        url: server.url.replace(/[^/]*@/, '').replace(/[^/]+$/, name),
        user: 'stratum',
      })
    },
  })
}
