import fc from 'fast-check'
import t from 'tap'
import {
  fromMicros,
  isCurrency,
  MoneyError,
  minorDigits,
  scaled,
  toMicros,
} from '../../../plugins/money/index.ts'

t.test('amounts as platforms and spreadsheets write them', async t => {
  const cases: [string, string, Partial<Parameters<typeof toMicros>[1]>, number][] = [
    ['1.429999948', 'USD', {}, 1430000],
    ['1.820000023', 'USD', {}, 1820000],
    ['0.0000005', 'USD', {}, 1],
    ['-0.0000005', 'USD', {}, -1],
    ['0.00000049', 'USD', {}, 0],
    ['-0', 'USD', {}, 0],
    ['.5', 'USD', {}, 500000],
    ['5.', 'USD', {}, 5000000],
    ['1,234.56', 'USD', {}, 1234560000],
    ['12,34,567.8', 'INR', {}, 1234567800000],
    ['1.234,56', 'EUR', { decimal: ',' }, 1234560000],
    ['1 234,56 €', 'EUR', { decimal: ',' }, 1234560000],
    ['1\u202f234,56', 'EUR', { decimal: ',' }, 1234560000],
    ["CHF 1'234.50", 'CHF', {}, 1234500000],
    ['$1,234.56', 'USD', {}, 1234560000],
    ['US$5', 'USD', {}, 5000000],
    ['CA$5', 'CAD', {}, 5000000],
    ['-$5', 'USD', {}, -5000000],
    ['$-5', 'USD', {}, -5000000],
    ['\u22125', 'USD', {}, -5000000],
    ['($3.00)', 'USD', {}, -3000000],
    ['12 kr', 'SEK', {}, 12000000],
    ['5 usd', 'USD', {}, 5000000],
    ['1e-05', 'USD', {}, 10],
    ['1.5E+3', 'USD', {}, 1500000000],
    ['1234', 'USD', { unit: 'minor' }, 12340000],
    ['1234', 'JPY', { unit: 'minor' }, 1234000000],
    ['1234', 'KWD', { unit: 'minor' }, 1234000],
    ['12340000', 'USD', { unit: 'micros' }, 12340000],
    ['5602666.67', 'USD', { unit: 'micros' }, 5602667],
    ['9007199254.740991', 'USD', {}, Number.MAX_SAFE_INTEGER],
  ]
  for (const [text, currency, options, micros] of cases)
    t.equal(toMicros(text, { currency, ...options }), micros, `${text} ${currency}`)
})

t.test('what is no amount, or could be read in two ways, is refused with a clear error', async t => {
  const cases: [string, string, Partial<Parameters<typeof toMicros>[1]>, RegExp][] = [
    ['', 'USD', {}, /not an amount of USD/],
    ['abc', 'USD', {}, /not an amount of USD/],
    ['NaN', 'USD', {}, /not an amount/],
    ['Infinity', 'USD', {}, /not an amount/],
    ['.', 'USD', {}, /not a number/],
    ['1,23', 'USD', {}, /not a number with decimal mark '.'/],
    ['1.234.56', 'USD', {}, /not a number/],
    ['1,234,56', 'USD', {}, /not a number/],
    ['1,234 567', 'USD', {}, /not a number/],
    ['1.23', 'EUR', { decimal: ',' }, /decimal mark ','/],
    ['--5', 'USD', {}, /not an amount/],
    ['(-5)', 'USD', {}, /negative twice/],
    ['€5', 'USD', {}, /'€' is no sign of it/],
    ['5 EUR', 'USD', {}, /'EUR' is no sign of it/],
    ['0x10', 'USD', {}, /not a|no sign/],
    ['5', 'XYZ', {}, /'XYZ' is not an ISO 4217 currency/],
    ['9007199254.740992', 'USD', {}, /too large/],
    ['1e31', 'USD', {}, /not a number/],
    ['9'.repeat(5000), 'USD', {}, /not an amount/],
  ]
  for (const [text, currency, options, message] of cases) {
    t.throws(() => toMicros(text, { currency, ...options }), { message }, `${text.slice(0, 20)} ${currency}`)
    t.throws(() => toMicros(text, { currency, ...options }), MoneyError)
  }
  t.throws(() => fromMicros(1.5), MoneyError)
})

t.test('currencies', async t => {
  t.ok(isCurrency('USD') && isCurrency('JPY'))
  t.notOk(isCurrency('usd') || isCurrency('XXZ') || isCurrency(''))
  t.same(['USD', 'JPY', 'KRW', 'KWD', 'CLF'].map(minorDigits), [2, 0, 0, 3, 4])
})

t.test(
  'minor units of HUF, IDR and PKR were read a hundredfold: Intl shows them without decimals',
  async t => {
    for (const currency of ['HUF', 'IDR', 'PKR', 'COP'])
      t.equal(toMicros('12345', { currency, unit: 'minor' }), 123_450_000, currency)
    t.equal(toMicros('12345', { currency: 'IQD', unit: 'minor' }), 12_345_000)
  },
)

const micros = fc.maxSafeInteger()

t.test('law: formatting and reading give the same micros', async () => {
  fc.assert(fc.property(micros, m => toMicros(fromMicros(m), { currency: 'USD' }) === m + 0))
})

t.test('law: grouping, signs and decimal mark do not change the amount', async () => {
  const locales = [
    ['en-US', 'USD', '.'],
    ['de-DE', 'EUR', ','],
    ['fr-FR', 'EUR', ','],
    ['en-IN', 'INR', '.'],
    ['de-CH', 'CHF', '.'],
    ['sv-SE', 'SEK', ','],
    ['pt-BR', 'BRL', ','],
  ] as const
  const cents = fc.integer({ min: -9e11, max: 9e11 })
  fc.assert(
    fc.property(cents, fc.constantFrom(...locales), (c, [locale, currency, decimal]) => {
      const shown = new Intl.NumberFormat(locale, { style: 'currency', currency }).format(c / 100)
      return toMicros(shown, { currency, decimal }) === c * 10000 + 0
    }),
  )
})

t.test('law: the rounding is never further off than half a micro, and odd: −x mirrors x', async () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.integer({ min: 0, max: 12 }), (n, places) => {
      const digits = n.toString().padStart(places + 1, '0')
      const text = `${digits.slice(0, digits.length - places)}.${digits.slice(digits.length - places)}`
      const found = scaled(text, 6)
      const twice = 2n * (found * 10n ** BigInt(places) - n * 10n ** 6n)
      const unit = 10n ** BigInt(places)
      return twice <= unit && twice > -unit && scaled(`-${text}`, 6) === -found
    }),
  )
})
