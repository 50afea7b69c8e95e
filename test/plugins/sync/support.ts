import type { Position } from '../../../plugins/http/index.ts'
import { drive } from '../../../plugins/sync/drive.ts'
import type { Cursor } from '../../../plugins/sync/index.ts'

export interface Step<Slice> {
  readonly slice: Slice
  readonly page: number
  readonly state: unknown
}

/** A stream of so many pages a slice; a record says where it is from. */
export async function walk<Slice, State, C>(
  cursor: Cursor<Slice, State, C>,
  context: C,
  state: unknown,
  pages: (slice: Slice) => number,
): Promise<Step<Slice>[]> {
  const steps: Step<Slice>[] = []
  async function* read(slice: Slice, from: Position | null) {
    for (let page = Number(from ?? 0); page < pages(slice); page++)
      yield { records: [{ slice, page }], next: page + 1 < pages(slice) ? page + 1 : null }
  }
  const batches = drive(cursor, context, state as State | null, read)
  for await (const { records, state: after } of batches) {
    const kept = JSON.parse(JSON.stringify(after))
    if (records.length === 0) steps.push({ slice: null as Slice, page: -1, state: kept })
    for (const { slice, page } of records) steps.push({ slice, page, state: kept })
  }
  return steps
}

export const at = (iso: string) => ({ now: () => Date.parse(iso) * 1000 })
