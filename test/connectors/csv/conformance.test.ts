import t from 'tap'
import csv from '../../../connectors/csv/index.ts'
import { conforms } from '../../../plugins/conformance/index.ts'

t.setTimeout(240_000)

await conforms(t, csv)
