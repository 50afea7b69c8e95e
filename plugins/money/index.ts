export { isCurrency, minorDigits } from './currency.ts'
export { type DecimalMark, MoneyError, safe, scaled } from './decimal.ts'
export { fromMicros, type MoneyOptions, type MoneyUnit, toMicros } from './micros.ts'
