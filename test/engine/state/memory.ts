import type { CommitUnit, StateReader } from '../../../engine/log/port.ts'
import { firstFrom } from '../../../engine/state/layer.ts'

type StatePart = NonNullable<CommitUnit['state']>[number]

/** Committed state in a plain map, keys as latin1 text. */
export class MemoryState implements StateReader {
  readonly map = new Map<string, Buffer>()
  /** Its keys in order; null: one has come or gone since. */
  #names: string[] | null = null

  get(key: Buffer): Buffer | undefined {
    return this.map.get(key.toString('latin1'))
  }

  has(key: Buffer): boolean {
    return this.map.has(key.toString('latin1'))
  }

  *range(from: Buffer, to: Buffer): Iterable<{ key: Buffer; value: Buffer }> {
    const [first, end] = [from.toString('latin1'), to.toString('latin1')]
    this.#names ??= [...this.map.keys()].sort()
    const names = this.#names
    for (let i = firstFrom(names, first); i < names.length && names[i]! < end; i++)
      yield { key: Buffer.from(names[i]!, 'latin1'), value: this.map.get(names[i]!)! }
  }

  last(from: Buffer, to: Buffer): Buffer | undefined {
    return [...this.range(from, to)].at(-1)?.key
  }

  /** What the log does with a part of a commit unit. */
  apply({ changes, deleteRanges = [] }: StatePart): void {
    for (const [from, to] of deleteRanges)
      for (const { key } of [...this.range(from, to)]) this.#set(key.toString('latin1'), null)
    for (const { key, value } of changes) this.#set(key.toString('latin1'), value)
  }

  #set(name: string, value: Buffer | null): void {
    if (this.map.has(name) !== (value !== null)) this.#names = null
    if (value === null) this.map.delete(name)
    else this.map.set(name, value)
  }
}
