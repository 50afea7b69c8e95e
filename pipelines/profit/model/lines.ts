import { shareOut } from './returns.ts'

/** One product of a purchase or refund. */
export interface Line {
  /** Null: the event does not say what was bought. */
  readonly product: string | null
  readonly category: string | null
  readonly units: number
  /** Micros; null: the event has no amount. */
  readonly micros: number | null
}

interface Item {
  readonly product: string | null
  readonly category: string | null
  readonly units: number
  readonly price: number | null
}

/** Products of one event: those after them are of an unknown one. Names are keys of state, which have an end. */
const MOST_ITEMS = 200
const MOST_LETTERS = 100
/** Beyond them nothing is a price or a quantity. */
const MOST_PRICE = 1e12
const MOST_UNITS = 1e6

/**
 * What was bought, of an event's parameters: `items`, a JSON list as GA4 has it (`item_id`, `item_category`, `price`,
 * `quantity`), else `item_id` with `item_category` and `quantity`. The amount is the event's, shared out by price times
 * quantity, so that the lines add up to it; where a price of several is not known, all of it is of an unknown product. A
 * quantity that nobody states is 1.
 */
export function linesOf(params: Readonly<Record<string, string>>, micros: number | null): Line[] {
  const items = itemsOf(params)
  const unknown = {
    product: null,
    category: null,
    units: items.reduce((n, item) => n + item.units, 0) || 1,
    micros,
  }
  if (items.length === 0) return [unknown]
  if (items.length === 1) return [{ ...lineOf(items[0]!), micros }]
  const weights = items.map(({ price, units }) => (price === null ? Number.NaN : price * units))
  const isPriced = weights.every(weight => weight >= 0) && weights.some(weight => weight > 0)
  if (!isPriced || micros === null || micros < 0) return [unknown]
  const shares = shareOut(micros, weights)
  return items.map((item, i) => ({ ...lineOf(item), micros: shares[i]! }))
}

const lineOf = ({ product, category, units }: Item) => ({ product, category, units })

function itemsOf(params: Readonly<Record<string, string>>): Item[] {
  const { items } = params
  if (items === undefined) return params.item_id ? [itemOf(params)] : []
  try {
    const list: unknown = JSON.parse(items)
    if (!Array.isArray(list) || list.length > MOST_ITEMS) return []
    return list.map(one => itemOf(typeof one === 'object' && one !== null ? one : {}))
  } catch {
    return []
  }
}

function itemOf(said: Readonly<Record<string, unknown>>): Item {
  const price = numberOf(said.price)
  const quantity = numberOf(said.quantity)
  return {
    product: nameOf(said.item_id),
    category: nameOf(said.item_category),
    units:
      quantity !== null && Number.isInteger(quantity) && quantity > 0 && quantity <= MOST_UNITS
        ? quantity
        : 1,
    price: price !== null && price >= 0 && price <= MOST_PRICE ? price : null,
  }
}

function nameOf(said: unknown): string | null {
  const text = typeof said === 'number' ? String(said) : typeof said === 'string' ? said.trim() : ''
  return text === '' ? null : text.replaceAll('\0', ' ').slice(0, MOST_LETTERS)
}

function numberOf(said: unknown): number | null {
  const value = typeof said === 'string' && said.trim() !== '' ? Number(said) : said
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
