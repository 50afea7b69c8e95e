import type { Stores } from './stores.ts'

/** Keeps what this process knows of pauses, schemas, repairs and fillings as other processes change it, until the signal aborts. */
export async function followTables(
  { gates, registry, repairs, generations }: Pick<Stores, 'gates' | 'registry' | 'repairs' | 'generations'>,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all([gates, registry, repairs, generations].map(table => table.follow(signal)))
}
