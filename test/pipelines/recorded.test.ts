import t from 'tap'
import { recorded } from '../../pipelines/recorded.ts'

t.test('twenty percent is twenty percent once it is written down', async t => {
  t.not(100 * (120 / 100 - 1), 20)
  t.equal(recorded(100 * (120 / 100 - 1)), 20)
  t.equal(recorded(1 / 3), 0.333333)
  t.equal(recorded(-2.5), -2.5)
})
