import fc from 'fast-check'
import t from 'tap'
import { millionths, minor } from '../../../connectors/meta/fields.ts'
import { fromMinor, offsetOf, toMinor } from '../../../connectors/meta/money.ts'
import { major, unitOf } from '../../../connectors/meta/simulator/units.ts'
import { minorDigits } from '../../../plugins/money/index.ts'

/** With 0, 2 and 3 decimals by ISO 4217, and those for which Meta has an offset of its own. */
const CURRENCIES = [
  'USD',
  'EUR',
  'GBP',
  'JPY',
  'KRW',
  'CLP',
  'HUF',
  'IDR',
  'TWD',
  'COP',
  'CRC',
  'KWD',
  'BHD',
  'JOD',
  'TND',
]
const currency = fc.constantFrom(...CURRENCIES)

t.test('budgets go there and back without loss, in every currency', async () => {
  fc.assert(
    fc.property(currency, fc.integer({ min: 0, max: 9_000_000 }), (code, units) => {
      const micros = fromMinor(String(units), code)
      return toMinor(micros, code) === units && micros === units * unitOf(code)
    }),
  )
})

t.test('an amount with a part below the unit is refused, never rounded', async t => {
  fc.assert(
    fc.property(currency, fc.integer({ min: 1, max: 10 ** 13 }), (code, micros) => {
      const isWhole = micros % unitOf(code) === 0
      try {
        return toMinor(micros, code) * unitOf(code) === micros && isWhole
      } catch {
        return !isWhole
      }
    }),
  )
  t.throws(() => toMinor(1, 'USD'), /no whole number/)
})

t.test('reported amounts are read to the micro, as text or as the number that the same text is', async () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 13 }), micros => {
      const text = major(micros)
      return (
        millionths({ spend: text }, 'spend') === micros &&
        millionths({ spend: Number(text) }, 'spend') === micros
      )
    }),
  )
})

t.test('Meta’s offset is not that of ISO 4217 where it has its own', async t => {
  t.equal(minorDigits('HUF'), 2)
  t.equal(offsetOf('HUF'), 1)
  t.equal(fromMinor('5000', 'HUF'), 5_000_000_000)
  t.equal(minorDigits('KWD'), 3)
  t.equal(fromMinor('500', 'KWD'), 5_000_000)
  t.equal(fromMinor('500', 'JPY'), 500_000_000)
  t.equal(minor({ daily_budget: 500 }, 'daily_budget', 'USD'), 5_000_000)
  t.throws(() => offsetOf('XXY'), /no ISO 4217 currency/)
})
