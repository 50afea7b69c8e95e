import type { AvroSchema } from '../kind.ts'
import type { SchemaRegistry } from './port.ts'

/** Schemas of ids that somebody has met who has no registry: a thread. Those that there are none of are left out. */
export type Ask = (ids: readonly number[]) => Promise<readonly Known[]>

export type Known = readonly [id: number, schema: AvroSchema]

/** @throws STORE_UNAVAILABLE while the registry is away */
export function askOf(registry: SchemaRegistry): Ask {
  return async ids => {
    await registry.learn(ids)
    return ids.filter(id => registry.has(id)).map(id => [id, registry.byId(id)])
  }
}
