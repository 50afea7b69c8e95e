import t from 'tap'
import { revenueOf } from '../../pipelines/money.ts'

t.test('no purchases are worth 0; purchases without any amount were too, and are not known', async t => {
  t.same(revenueOf({}, 0), { micros: 0, currency: null })
  t.same(revenueOf({}, 3), { micros: null, currency: null })
  t.same(revenueOf({ EUR: 5 }, 3), { micros: 5, currency: 'EUR' })
  t.same(revenueOf({ EUR: 5, USD: 1 }, 3), { micros: null, currency: null }, 'currencies are never added')
})
