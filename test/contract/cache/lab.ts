import { setTimeout as wait } from 'node:timers/promises'
import type { Cache } from '../../../engine/store/cache/port.ts'

export interface CacheLab {
  /** One more program of the same cache. */
  open(): Promise<Cache>
  /** One that may be closed. */
  alone(): Promise<Cache>
}

let names = 0
/** A name nobody has used. */
export const fresh = (): string => `name-${process.pid}-${++names}`

/** Waits for what time brings; the test ends by its own time-out if it does not come. */
export async function until<T>(ask: () => Promise<T | null | false>): Promise<T> {
  for (;;) {
    const found = await ask()
    if (found !== null && found !== false) return found
    await wait(10)
  }
}
