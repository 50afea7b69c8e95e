import t from 'tap'
import {
  type EventMatch,
  eventOf,
  matchRate,
} from '../../../../../pipelines/trust/model/drivers/match-rate.ts'
import { HOUR, NOW, POLICY } from '../../policy.ts'

const event = (change: Partial<EventMatch>): EventMatch => ({
  name: 'Purchase',
  events: 100,
  users: 80,
  keys: null,
  platform: null,
  ...change,
})
const scored = (score: number, scale: number | null = 10, hours = 0) => ({
  platform: { score, scale, as_of: NOW - hours * HOUR },
})
const rate = (...events: readonly EventMatch[]) => matchRate(events, NOW, POLICY)

t.test("the platform's own score by its own scale, while it is recent", async t => {
  t.equal(rate(event(scored(8.2))).value, 82)
  t.equal(rate(event(scored(41, 50))).value, 82)
  t.equal(rate(event(scored(8, 10, 72))).value, 80, 'exactly 72 hours')
  t.match(rate(event(scored(8, 10, 72.001))), { value: null, reason: 'NO_MATCH_KEYS' })
  t.match(rate(event(scored(8, null))), { value: null, reason: 'NO_MATCH_KEYS' }, 'of an unknown scale')
  t.match(rate(event(scored(8, 0))), { value: null }, 'a scale of nothing')
  t.equal(rate(event(scored(12))).value, 100)
})

t.test('event names weigh by what they are worth, however they are written', async t => {
  const mean = rate(
    event({ name: 'Purchase', ...scored(10) }),
    event({ name: 'add_to_cart', ...scored(5) }),
    event({ name: 'PAGE_VIEW', ...scored(0) }),
  )
  t.equal(mean.value, (5 * 100 + 2 * 50 + 1 * 0) / 8)
  t.same(
    mean.inputs.names.map(({ name, weight, score, by }) => [name, weight, score, by]),
    [
      ['Purchase', 5, 100, 'platform'],
      ['add_to_cart', 2, 50, 'platform'],
      ['PAGE_VIEW', 1, 0, 'platform'],
    ],
  )
  const weights = ['begin_checkout', 'generate_lead', 'CompletePayment', 'START_CHECKOUT', 'ADD_CART', null]
  t.same(
    rate(...weights.map(name => event({ name, ...scored(5) }))).inputs.names.map(({ weight }) => weight),
    [3, 4, 5, 3, 2, 1],
  )
  t.same(['begin_checkout', 'Begin Checkout', 'constructor'].map(eventOf), [
    'initiatecheckout',
    'initiatecheckout',
    'constructor',
  ])
})

t.test('names with fewer than 30 events, or that nobody counted, say nothing', async t => {
  t.match(rate(event({ events: 29, ...scored(8) })), { value: null, reason: 'TOO_FEW_EVENTS' })
  t.match(rate(event({ events: null, ...scored(8) })), { value: null, reason: 'TOO_FEW_EVENTS' })
  t.equal(rate(event({ events: 30, ...scored(8) })).value, 80)
  t.match(rate(), { value: null, reason: 'TOO_FEW_EVENTS', inputs: { names: [] } })
})

t.test('the estimate: coverage times uniqueness by weight over all keys (platforms.md §8.2)', async t => {
  const all = 3 + 3 + 2 * 6 + 1 * 5
  const keys = (found: EventMatch['keys']) => rate(event({ keys: found })).value
  t.equal(keys({ email: { valid: 100, distinct: 80 } }), (100 * 3) / all)
  t.equal(keys({ email: { valid: 50, distinct: 80 } }), (100 * 1.5) / all, 'half of the events')
  t.equal(keys({ email: { valid: 100, distinct: 40 } }), (100 * 1.5) / all, 'half as many values as people')
  t.equal(keys({ email: { valid: 100, distinct: 1 } }), (100 * 3) / all / 80, 'one value for everybody')
  t.equal(keys({}), 0, 'looked, and there was none')
  t.equal(keys({ eye_colour: { valid: 100, distinct: 80 } }), 0, 'a key without a weight')
  t.equal(keys({ constructor: { valid: 100, distinct: 80 } }), 0)
  t.equal(keys(null), null, 'nobody looked')
  t.equal(rate(event({ users: null, keys: {} })).value, null)
  t.equal(rate(event({ users: 0, keys: {} })).value, null)
  const everything = Object.fromEntries(POLICY.keyWeights.map(([key]) => [key, { valid: 100, distinct: 80 }]))
  t.equal(keys(everything), 100)
})

t.test('an old score of the platform gives way to the estimate', async t => {
  const found = rate(event({ ...scored(9, 10, 100), keys: { email: { valid: 100, distinct: 80 } } }))
  t.match(found.inputs.names[0], { by: 'estimate' })
})
