import t from 'tap'
import { planning } from '../../contract/warehouse/planning.ts'
import { Things } from '../../support/things.ts'

planning(t, new Things(t))
