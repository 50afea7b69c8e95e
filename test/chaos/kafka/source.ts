import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import ga4 from '../../../connectors/ga4/index.ts'
import type { Source } from '../../../engine/source/port.ts'
import { batchOf, sliceOf } from './slices.ts'

export interface SlicesOptions {
  /** Folder of the slices. */
  readonly folder: string
  /** File that holds how much of every slice may be read by now, from 0 to 1; left out: all. */
  readonly allowance?: string
  /** Rows of a batch: each is a commit. */
  readonly batch: number
}

const ALLOWED_EVERY_MS = 100

/** GA4 as the program knows it, but reading the slice of a tenant, and no further than it is allowed to. */
export function slices({ folder, allowance, batch }: SlicesOptions): Source {
  const allowed = (): number => (allowance === undefined ? 1 : Number(readFileSync(allowance, 'utf8')))
  return {
    ...ga4,
    async check() {},
    discover: async () => ga4.streams,
    async *read(_, { config, state, signal }) {
      const rows = sliceOf(folder, String(config.path))
      for (let at = (state as { row: number } | null)?.row ?? 0; at < rows.length; ) {
        signal.throwIfAborted()
        const to = Math.min(at + batch, Math.floor(rows.length * allowed()))
        if (to <= at) {
          await sleep(ALLOWED_EVERY_MS, undefined, { signal })
          continue
        }
        yield batchOf(rows.slice(at, to), { row: to })
        at = to
      }
    },
  }
}
