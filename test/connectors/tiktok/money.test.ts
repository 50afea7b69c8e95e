import fc from 'fast-check'
import t from 'tap'
import { amountOf } from '../../../connectors/tiktok/actions/amount.ts'
import { millionths } from '../../../connectors/tiktok/fields.ts'
import { amountText } from '../../../connectors/tiktok/simulator/metrics.ts'
import { minorDigits } from '../../../plugins/money/index.ts'

/** No decimals, two, three. */
const CURRENCIES = ['JPY', 'KRW', 'USD', 'EUR', 'KWD', 'BHD']

const payable = fc.constantFrom(...CURRENCIES).chain(currency => {
  const unit = 10 ** (6 - minorDigits(currency))
  const most = Math.floor(Number.MAX_SAFE_INTEGER / unit)
  return fc.record({
    currency: fc.constant(currency),
    micros: fc.integer({ min: 1, max: most }).map(n => n * unit),
  })
})

const refused = { name: 'ConfigError', message: /no whole number of its minor unit/ }

/** As it comes back from the other side. */
const overTheWire = (budget: number): number | null =>
  millionths(JSON.parse(JSON.stringify({ budget })) as Record<string, unknown>, 'budget')

t.test('an amount that is written is the amount that is read, in every currency', async () => {
  fc.assert(
    fc.property(payable, ({ currency, micros }) => {
      const amount = amountOf(micros, currency, '/budget_micros')
      const decimals = JSON.stringify(amount).split('.')[1]?.length ?? 0
      return overTheWire(amount) === micros && decimals <= minorDigits(currency)
    }),
    { numRuns: 2000 },
  )
})

t.test('a budget as the platform has it keeps all its decimals', async () => {
  // Above 2^33 of the major unit a JSON number has no six decimals any more.
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 33 * 1_000_000 }), micros => {
      return overTheWire(Number(amountText(micros))) === micros
    }),
  )
})

t.test('a part below the minor unit is refused, never rounded', async t => {
  fc.assert(
    fc.property(payable, fc.integer({ min: 1 }), ({ currency, micros }, more) => {
      const unit = 10 ** (6 - minorDigits(currency))
      const over = Math.min(micros, Number.MAX_SAFE_INTEGER - unit) + 1 + (more % (unit - 1))
      if (over % unit === 0) return
      t.throws(() => amountOf(over, currency, '/budget_micros'), refused)
    }),
  )
  t.throws(() => amountOf(0, 'USD', '/budget_micros'), { message: '/budget_micros: has to be above 0' })
})

t.test('text of a report is read digit by digit, and a sum of its rows is exact', async () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 10 ** 12 }), { maxLength: 50 }), all => {
      const read = all.map(micros => millionths({ spend: amountText(micros) }, 'spend')!)
      return read.reduce((a, b) => a + b, 0) === all.reduce((a, b) => a + b, 0)
    }),
  )
})
