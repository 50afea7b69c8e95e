import t from 'tap'
import { openClickHouse } from '../../../engine/store/clickhouse.ts'
import { warehouseContract } from '../../contract/warehouse.ts'
import { startWarehouse } from '../../support/servers/warehouse.ts'
import { Things } from '../../support/things.ts'

const server = await startWarehouse()
const { url } = server
t.teardown(() => server.stop())

warehouseContract(t, new Things(t, { url, open: async database => openClickHouse({ url, database }) }))
