import t from 'tap'
import { answering } from '../../contract/warehouse/answering.ts'
import { holding } from '../../contract/warehouse/holding.ts'
import { Things } from '../../support/things.ts'

const lab = new Things(t)
answering(t, lab)
holding(t, lab)
