import t from 'tap'
import singer from '../../connectors/singer/index.ts'
import { conforms } from '../../plugins/conformance/index.ts'

await conforms(t, singer)
