import { messageOf } from '../../errors.ts'
import type { RejectedRow } from '../port.ts'

/** One text that a connector gave out. `open`: it is kept or shown as it is; else it is data. */
export interface Utterance {
  readonly where: string
  readonly text: string
}

const MAX_DEPTH = 5

/** Everything a connector said or gave while it was tested: where a secret could come to light. */
export class Said {
  readonly #all = new Map<string, Utterance>()

  add(where: string, text: string): void {
    const key = `${where}\0${text}`
    if (!this.#all.has(key)) this.#all.set(key, { where, text })
  }

  /** An error's message and those of its causes, with what else it carries. */
  error(where: string, error: unknown): void {
    let at: unknown = error
    for (let depth = 0; at !== undefined && at !== null && depth < MAX_DEPTH; depth++) {
      this.add(depth === 0 ? where : `${where} (its cause)`, messageOf(at))
      if (typeof at !== 'object') return
      const { bytes, origin } = at as { bytes?: unknown; origin?: unknown }
      if (bytes instanceof Uint8Array) this.add(`${where}: its bytes`, Buffer.from(bytes).toString())
      if (typeof origin === 'string') this.add(`${where}: its origin`, origin)
      at = (at as { cause?: unknown }).cause
    }
  }

  rejected(where: string, rows: readonly RejectedRow[]): void {
    for (const { reason, origin, bytes } of rows) {
      this.add(`${where}: reason of a rejected row`, reason)
      this.add(`${where}: origin of a rejected row`, origin)
      if (bytes) this.add(`${where}: bytes of a rejected row`, Buffer.from(bytes).toString())
    }
  }

  forget(): void {
    this.#all.clear()
  }

  get all(): Iterable<Utterance> {
    return this.#all.values()
  }
}

/** Hears what is printed while it works, and lets it through. */
export async function listening<T>(said: Said, work: () => Promise<T>): Promise<T> {
  const restore = [process.stdout, process.stderr].map((stream, i) => {
    const write = stream.write
    stream.write = function (this: typeof stream, ...args: Parameters<typeof write>) {
      const [chunk] = args as unknown as [string | Uint8Array]
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
      said.add(i === 0 ? 'printed to stdout' : 'printed to stderr', text)
      return write.apply(this, args)
    } as typeof write
    return () => {
      stream.write = write
    }
  })
  try {
    return await work()
  } finally {
    for (const undo of restore) undo()
  }
}
