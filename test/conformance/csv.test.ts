import t from 'tap'
import csv from '../../connectors/csv/index.ts'
import { conforms } from '../../plugins/conformance/index.ts'

await conforms(t, csv)
