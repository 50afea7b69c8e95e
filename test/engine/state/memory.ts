import type { CommitUnit, StateReader } from '../../../engine/log/port.ts'

type StatePart = NonNullable<CommitUnit['state']>[number]

/** Committed state in a plain map, keys as latin1 text. */
export class MemoryState implements StateReader {
  readonly map = new Map<string, Buffer>()

  get(key: Buffer): Buffer | undefined {
    return this.map.get(key.toString('latin1'))
  }

  has(key: Buffer): boolean {
    return this.map.has(key.toString('latin1'))
  }

  *range(from: Buffer, to: Buffer): Iterable<{ key: Buffer; value: Buffer }> {
    for (const name of [...this.map.keys()].sort()) {
      const key = Buffer.from(name, 'latin1')
      if (key.compare(from) >= 0 && key.compare(to) < 0) yield { key, value: this.map.get(name)! }
    }
  }

  last(from: Buffer, to: Buffer): Buffer | undefined {
    return [...this.range(from, to)].at(-1)?.key
  }

  /** What the log does with a part of a commit unit. */
  apply({ changes, deleteRanges = [] }: StatePart): void {
    for (const [from, to] of deleteRanges)
      for (const { key } of [...this.range(from, to)]) this.map.delete(key.toString('latin1'))
    for (const { key, value } of changes)
      if (value === null) this.map.delete(key.toString('latin1'))
      else this.map.set(key.toString('latin1'), value)
  }
}
