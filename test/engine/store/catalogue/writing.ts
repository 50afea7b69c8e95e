import { openCatalogue } from '../../../../engine/store/catalogue/open.ts'
import { addTenant, NOW } from '../../../contract/catalogue/lab.ts'

/** A process of its own: writes to the catalogue of a data directory until it is killed; prints what is committed. */
const [dataDir, from] = process.argv.slice(2) as [string, string]
const catalogue = await openCatalogue(dataDir)
if (from === '0') await addTenant(catalogue, 'acme')
for (let version = Number(from) + 1; ; version++) {
  await catalogue.query({ tenant: 'acme' }, "INSERT INTO settings VALUES ('acme', 'x', $1, '{}', $2)", [
    version,
    NOW,
  ])
  process.stdout.write(`${version}\n`)
}
