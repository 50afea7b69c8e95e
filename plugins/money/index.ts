export { isCurrency, minorDigits } from './currency.ts'
export { cut, type DecimalMark, MoneyError, safe, scaled } from './decimal.ts'
export { fromMicros, fromMinor, type MoneyOptions, type MoneyUnit, toMicros, toMinor } from './micros.ts'
