import t from 'tap'
import snapchat from '../../connectors/snapchat/index.ts'
import { conforms } from '../../plugins/conformance/index.ts'

await conforms(t, snapchat)
