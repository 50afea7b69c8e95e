import { openCatalogue } from '../../../engine/store/catalogue/open.ts'

/** A process of its own: makes the catalogue at the URL it is given, and prints how many steps it applied. */
const catalogue = await openCatalogue('/nowhere', { url: process.argv[2]!, user: 'stratum' })
process.stdout.write(String((await catalogue.migrate()).length))
await catalogue.close()
