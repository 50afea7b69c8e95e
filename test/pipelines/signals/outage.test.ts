import t from 'tap'
import { outage } from './outage.ts'

t.setTimeout(400_000)

t.test('a platform that goes blind is not trusted with ROAS, and nobody else is held back', outage)
