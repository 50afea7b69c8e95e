import t from 'tap'
import hubspot from '../../connectors/hubspot/index.ts'
import { conforms } from '../../plugins/conformance/index.ts'

await conforms(t, hubspot)
