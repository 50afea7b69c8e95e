import type { Ask } from '../message.ts'

/** Where a parameter goes. */
export type Where = 'query' | 'json' | 'form'

export function addTo(ask: Ask, where: Where, values: Readonly<Record<string, unknown>>): Ask {
  if (where === 'query') return { ...ask, query: { ...ask.query, ...values } }
  if (where === 'json') return { ...ask, json: { ...(ask.json as object | undefined), ...values } }
  const texts = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
  return { ...ask, form: { ...ask.form, ...texts } }
}
