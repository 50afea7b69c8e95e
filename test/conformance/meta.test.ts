import t from 'tap'
import meta from '../../connectors/meta/index.ts'
import { conforms } from '../../plugins/conformance/index.ts'

await conforms(t, meta)
