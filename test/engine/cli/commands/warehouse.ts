import { openChdb } from '../../../../engine/store/clickhouse.ts'

/** Does to the tables of a data directory what no command would do: somebody at the store itself. */
export async function tamper(dataDir: string, ...statements: readonly string[]): Promise<void> {
  const warehouse = await openChdb(dataDir)
  try {
    for (const statement of statements) await warehouse.command(statement)
  } finally {
    await warehouse.close()
  }
}
