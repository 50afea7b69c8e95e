import t from 'tap'
import shop from '../../connectors/shop/index.ts'
import { conforms } from '../../plugins/conformance/index.ts'

await conforms(t, shop)
