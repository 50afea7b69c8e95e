export { isCurrency, minorDigits } from './currency.ts'
export { cut, type DecimalMark, MoneyError, safe, scaled } from './decimal.ts'
export { fromMicros, type MoneyOptions, type MoneyUnit, toMicros } from './micros.ts'
