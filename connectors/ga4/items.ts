import { DataType, type Schema } from 'apache-arrow'
import { redactPii } from '../../plugins/privacy/redact.ts'
import { unset } from './fields.ts'

/** What is kept of an item: what it was, and what it weighs in the amount. */
const ITEM_TEXTS = ['item_id', 'item_name', 'item_brand', 'item_category'] as const
const ITEM_NUMBERS = ['price', 'quantity'] as const
type ItemField = (typeof ITEM_TEXTS)[number] | (typeof ITEM_NUMBERS)[number]
const ITEM_FIELDS: readonly ItemField[] = [...ITEM_TEXTS, ...ITEM_NUMBERS]

/** Events whose items changed hands. Others list what was looked at, ten times as much. */
export const SOLD: ReadonlySet<string | null> = new Set(['purchase', 'refund'])

/** Fields of one item as text; null where there is none. */
type ItemReader = (field: ItemField) => string | null

/** An item as it goes into the parameter `items`, without what is not set. */
export function itemOf(read: ItemReader): Readonly<Record<string, string | number>> {
  const item: Record<string, string | number> = {}
  for (const field of ITEM_TEXTS) {
    const text = unset(read(field))
    if (text !== null) item[field] = redactPii(text)
  }
  for (const field of ITEM_NUMBERS) {
    const text = unset(read(field))
    const number = text === null || text.trim() === '' ? Number.NaN : Number(text)
    if (Number.isFinite(number)) item[field] = number
  }
  return item
}

/** JSON of them; null where none says anything. */
export const textOfItems = (items: readonly Readonly<Record<string, unknown>>[]): string | null =>
  items.some(item => Object.keys(item).length > 0) ? JSON.stringify(items) : null

/**
 * The leaves of the file's column `items` that are read: of 26 fields, six. Lists are `list` of `element` (or `item`) in
 * files of most writers; of others the whole column is read.
 */
export function itemLeaves({ fields }: Schema): string[] {
  const items = fields.find(({ name }) => name === 'items')
  if (!items) return []
  const record = DataType.isList(items.type) ? items.type.children[0] : undefined
  if (!record || !DataType.isStruct(record.type) || !['element', 'item'].includes(record.name))
    return ['items']
  const there = new Set(record.type.children.map(({ name }: { name: string }) => name))
  return ITEM_FIELDS.filter(name => there.has(name)).map(name => `items.list.${record.name}.${name}`)
}
