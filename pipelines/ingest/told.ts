type Params = Readonly<Record<string, string>>

/** Parameters that say what was bought. */
const ITEMS = ['items', 'item_id', 'item_category', 'quantity'] as const
const SOLD = new Set(['purchase', 'refund'])
/** Parameters that say which variant of an experiment somebody was shown, by how their names begin. */
const VARIANT = /^(exp|variant|ab_?test|vwo|optimizely|convert)/i

/**
 * What of an event's parameters later stages go by, as JSON: few events have any, and parameters are long to decode. Null:
 * nothing is told.
 */
export const toldIn = (event: string, params: Params) => ({
  items: SOLD.has(event) ? textOf(params, ITEMS) : null,
  variants: textOf(
    params,
    Object.keys(params).filter(name => VARIANT.test(name)),
  ),
})

/** Whether a parameter of that name says which variant somebody was shown. */
export const isVariantName = (name: string): boolean => VARIANT.test(name)

function textOf(params: Params, names: readonly string[]): string | null {
  const told = names.flatMap(name => (params[name] ? [[name, params[name]]] : []))
  return told.length === 0 ? null : JSON.stringify(Object.fromEntries(told))
}
