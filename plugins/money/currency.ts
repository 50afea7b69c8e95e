export { isCurrency, minorDigits } from '../../engine/currency.ts'

const SIGNS = new Map<string, ReadonlySet<string>>()

/** Signs an amount of `currency` may carry: for CAD `CAD`, `CA$`, `$`. */
export function signsOf(currency: string): ReadonlySet<string> {
  let signs = SIGNS.get(currency)
  if (!signs) {
    const shown = (['code', 'symbol', 'narrowSymbol'] as const).map(currencyDisplay =>
      new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay })
        .formatToParts(1)
        .filter(part => part.type === 'currency')
        .map(part => part.value.toUpperCase()),
    )
    signs = new Set([
      ...shown.flat(),
      currency,
      ...(shown.flat().includes('$') ? [`${currency.slice(0, 2)}$`] : []),
    ])
    SIGNS.set(currency, signs)
  }
  return signs
}
