import type { Operation } from './operation.ts'
import { readableRefusal, readingStatement } from './sql.ts'

/** Rows of a statement that reads; anything else is refused here and by the store (`readonly`). */
export const query: Operation = async (context, args, signal) => {
  const sql = readingStatement(String(args.sql ?? ''))
  const warehouse = await context.warehouse()
  try {
    return await warehouse.show(sql, signal)
  } catch (error) {
    throw readableRefusal(error)
  }
}
