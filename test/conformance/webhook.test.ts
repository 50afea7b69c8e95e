import t from 'tap'
import webhook from '../../connectors/webhook/index.ts'
import { conforms } from '../../plugins/conformance/index.ts'

await conforms(t, webhook)
