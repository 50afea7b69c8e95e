import fc from 'fast-check'
import t from 'tap'
import { amountText } from '../../../connectors/google-ads/actions/target.ts'
import type { Json } from '../../../connectors/google-ads/api/exact-json.ts'
import { budgetOf } from '../../../connectors/google-ads/budget.ts'
import { figuresOf } from '../../../connectors/google-ads/streams/figures.ts'
import { fromMicros, minorDigits } from '../../../plugins/money/index.ts'
import { exactJson } from '../../../plugins/rows/index.ts'

const currency = fc.constantFrom('JPY', 'KRW', 'USD', 'EUR', 'KWD', 'BHD')

t.test('an amount goes out and comes back without a loss, in currencies of 0, 2 and 3 decimals', t => {
  fc.assert(
    fc.property(currency, fc.integer({ min: 1, max: 900_000_000 }), (code, units) => {
      const micros = units * 10 ** (6 - minorDigits(code))
      const amountMicros = amountText(micros, code, code, '/budget_micros')
      const row = exactJson(JSON.stringify({ campaignBudget: { amountMicros, period: 'DAILY' } })) as Json
      return budgetOf(row).micros === micros
    }),
  )
  t.end()
})

t.test('a part below the smallest unit is refused, never rounded', t => {
  fc.assert(
    fc.property(
      currency,
      fc.integer({ min: 1, max: 900_000_000 }),
      fc.integer({ min: 1, max: 999 }),
      (code, units, rest) => {
        const unit = 10 ** (6 - minorDigits(code))
        const micros = units * unit + (rest % unit || 1)
        try {
          amountText(micros, code, code, '/budget_micros')
          return false
        } catch (error) {
          return /minor unit/.test((error as Error).message)
        }
      },
    ),
  )
  t.end()
})

t.test('figures are exact: cost from text, doubles of major units from what is written', t => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.integer({ min: 0, max: 1_000_000_000_000_000 }), (cost, value) => {
      const text = `{"metrics":{"costMicros":"${cost}","conversionsValue":${fromMicros(value)},"conversions":${fromMicros(value)}}}`
      const figures = figuresOf(exactJson(text) as Json)
      return (
        figures.spend_micros === cost &&
        figures.revenue_micros === value &&
        figures.conversions_micros === value
      )
    }),
  )
  // As a server that holds doubles writes them.
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000_000_000_000 }), value => {
      const row = exactJson(
        JSON.stringify({ metrics: { conversionsValue: Number(fromMicros(value)) } }),
      ) as Json
      return figuresOf(row).revenue_micros === value
    }),
  )
  t.end()
})
