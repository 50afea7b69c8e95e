import type { Chance } from '../../random.ts'
import type { SitePurchase } from '../site.ts'

const GOODS = [
  { id: 'mug', name: 'Mug', priceMicros: 14_900_000 },
  { id: 'shirt', name: 'Shirt', priceMicros: 29_000_000 },
  { id: 'lamp', name: 'Lamp', priceMicros: 64_500_000 },
  { id: 'rug', name: 'Rug', priceMicros: 119_000_000 },
  { id: 'chair', name: 'Chair', priceMicros: 189_000_000 },
] as const

export type Basket = Pick<SitePurchase, 'valueMicros' | 'items'>

/** What is bought in one order: cheap things more often. */
export function basketOf(random: Chance): Basket {
  const items = Array.from({ length: random.next() < 0.25 ? 2 : 1 }, () => ({
    ...GOODS[Math.floor(random.next() ** 1.5 * GOODS.length)]!,
    quantity: random.next() < 0.2 ? 2 : 1,
  }))
  return { items, valueMicros: items.reduce((sum, item) => sum + item.priceMicros * item.quantity, 0) }
}
