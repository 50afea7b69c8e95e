import t from 'tap'
import googleAds from '../../connectors/google-ads/index.ts'
import { conforms } from '../../plugins/conformance/index.ts'

await conforms(t, googleAds, { seed: 3 })
