import t from 'tap'
import tiktok from '../../connectors/tiktok/index.ts'
import { conforms } from '../../plugins/conformance/index.ts'

await conforms(t, tiktok, { seed: 3 })
