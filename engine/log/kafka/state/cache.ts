import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Database, open, type RootDatabase } from 'lmdb'
import { lastKey } from '../../lmdb/last.ts'
import type { StateReader } from '../../port.ts'

type Binary = Database<Buffer, Buffer>

/** How far a cache has come. */
export interface CacheMark {
  readonly cluster: string
  /** Number of the last transaction it holds, of the changelog's one writer; 0 for none. */
  readonly seq: number
  /** Of the changelog, as its offset records have it; null where it has several writers. */
  readonly life: string | null
  /** Everything before this offset of the changelog is in it. */
  readonly at: number
  /** When that was so. Milliseconds since 1970. */
  readonly time: number
  /** What the machine was started as: a cache that is not flushed is worth nothing after its end. */
  readonly boot: string
}

/** The state of one changelog partition on the local disk: a cache that can always be made again. */
export class StateCache {
  readonly #root: RootDatabase<Buffer, Buffer>
  readonly #state: Binary
  readonly #meta: Database<unknown, string>
  readonly #stores = new Map<string, number>()

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true })
    const binary = { encoding: 'binary', keyEncoding: 'binary' } as const
    this.#root = open<Buffer, Buffer>({ path, noSubdir: true, maxDbs: 4, noSync: true, ...binary })
    this.#state = this.#root.openDB<Buffer, Buffer>({ name: 'state', ...binary })
    this.#meta = this.#root.openDB<unknown, string>({ name: 'meta', encoding: 'json' })
  }

  static exists = (path: string): boolean => existsSync(path)

  get mark(): CacheMark | null {
    // Another process may have owned it since.
    this.#root.resetReadTxn()
    const mark = this.#meta.get('mark') as CacheMark | undefined
    return mark && mark.boot === bootId() ? mark : null
  }

  /** Forgets everything but the numbers of the stores: another process may have them in mind. */
  wipe(): void {
    this.#root.transactionSync(() => {
      this.#state.clearSync()
      this.#meta.removeSync('mark')
    })
  }

  /**
   * Changes and mark in one transaction. `after`: the number of the transaction before it; false, and nothing is
   * changed, where another owner has been at it since.
   */
  apply(
    changes: Iterable<readonly [store: string, key: Buffer, value: Buffer | null]>,
    mark: Partial<CacheMark>,
    after?: number,
  ): boolean {
    return this.#root.transactionSync(() => {
      const before = this.#meta.get('mark') as CacheMark | undefined
      if (after !== undefined && before?.seq !== after) return false
      for (const [store, key, value] of changes) {
        const full = this.#key(this.#id(store, true)!, key)
        if (value === null) this.#state.removeSync(full)
        else this.#state.putSync(full, value)
      }
      const empty: CacheMark = { cluster: '', seq: 0, life: null, at: 0, time: 0, boot: '' }
      this.#meta.putSync('mark', { ...empty, ...before, ...mark, boot: bootId() })
      return true
    })
  }

  reader(store: string): StateReader {
    const id = () => this.#id(store, false)
    const state = this.#state
    const keyOf = this.#key
    return {
      get: key => (id() === undefined ? undefined : state.getBinary(keyOf(id()!, key))),
      has: key => id() !== undefined && state.doesExist(keyOf(id()!, key)),
      *range(from, to) {
        const own = id()
        if (own === undefined) return
        for (const { key, value } of state.getRange({ start: keyOf(own, from), end: keyOf(own, to) }))
          yield { key: key.subarray(4), value }
      },
      last: (from, to) => {
        const own = id()
        return own === undefined ? undefined : lastKey(state, keyOf(own, from), keyOf(own, to))
      },
    }
  }

  #key(store: number, key: Buffer): Buffer {
    const out = Buffer.allocUnsafe(4 + key.length)
    out.writeUInt32BE(store, 0)
    key.copy(out, 4)
    return out
  }

  #id(store: string, create: boolean): number | undefined {
    const known = this.#stores.get(store)
    if (known !== undefined) return known
    let id = this.#meta.get(`store/${store}`) as number | undefined
    if (id === undefined) {
      if (!create) return undefined
      id = ((this.#meta.get('stores') as number | undefined) ?? 0) + 1
      this.#meta.putSync('stores', id)
      this.#meta.putSync(`store/${store}`, id)
    }
    this.#stores.set(store, id)
    return id
  }

  async close(): Promise<void> {
    await this.#root.close()
  }
}

let boot: string | undefined

/** Changes with every start of the machine; where it cannot be told, with every process. */
function bootId(): string {
  try {
    boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    boot = `${process.pid}.${Date.now()}`
  }
  return boot
}
