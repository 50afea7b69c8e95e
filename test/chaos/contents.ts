/** `node contents.js DIR`: what every table and view of a data directory holds, as JSON. A process of its own, since the embedded warehouse binds one directory for life. */
import { openChdb } from '../../engine/store/clickhouse.ts'
import { app } from '../../stratum.ts'
import { tableContents } from '../support/content.ts'
import { standard } from '../support/engine.ts'

const warehouse = await openChdb(process.argv[2]!)
try {
  process.stdout.write(JSON.stringify(await tableContents(warehouse, app(standard))))
} finally {
  await warehouse.close()
}
