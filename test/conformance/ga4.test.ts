import t from 'tap'
import ga4 from '../../connectors/ga4/index.ts'
import { conforms } from '../../plugins/conformance/index.ts'

await conforms(t, ga4, { seed: 3 })
