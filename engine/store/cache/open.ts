import type { CacheConnection } from './connection.ts'
import type { Cache } from './port.ts'

export type CacheOptions = Partial<CacheConnection>

/** The cache of these settings: on the server at `url`, or in this process. */
export async function openCache({ url, ...how }: CacheOptions = {}): Promise<Cache> {
  // Who asks no cache loads none.
  if (url === undefined) return new (await import('./memory.ts')).MemoryCache()
  return new (await import('./redis.ts')).RedisCache({ url, ...how })
}
