import type { Stores } from './stores.ts'

/** Keeps what this process knows of pauses, schemas and repairs as other processes change it, until the signal aborts. */
export async function followTables(
  { gates, registry, repairs }: Pick<Stores, 'gates' | 'registry' | 'repairs'>,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all([gates.follow(signal), registry.follow(signal), repairs.follow(signal)])
}
