import t from 'tap'
import { inserting } from '../../contract/warehouse/inserting.ts'
import { Things } from '../../support/things.ts'

inserting(t, new Things(t))
