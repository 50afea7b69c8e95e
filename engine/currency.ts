const CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

/** Is `code` an ISO 4217 currency (upper case)? */
export function isCurrency(code: string): boolean {
  return CODES.has(code)
}

/** Currencies whose minor unit has not two decimals: ISO 4217, list one. */
const DIGITS: Readonly<Record<string, number>> = {
  ...among(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...among(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...among(4, 'CLF UYW'),
}

/**
 * How many decimals the minor unit has by ISO 4217: USD 2, JPY 0, KWD 3. Not what `Intl` shows: that leaves out
 * decimals nobody uses any more (HUF, IDR, PKR), and a file in minor units would be read a hundredfold.
 */
export function minorDigits(currency: string): number {
  return DIGITS[currency] ?? 2
}

function among(digits: number, codes: string): Record<string, number> {
  return Object.fromEntries(codes.split(' ').map(code => [code, digits]))
}
