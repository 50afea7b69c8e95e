import t from 'tap'
import salesforce from '../../connectors/salesforce/index.ts'
import { conforms } from '../../plugins/conformance/index.ts'

await conforms(t, salesforce)
