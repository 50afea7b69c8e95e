import { createHash, type Hash } from 'node:crypto'
import type { Entry } from './entry.ts'
import type { Position } from './position.ts'

/** The tap did not send again what it had sent behind its state. */
export class NotRepeated extends Error {
  readonly entries: number
  constructor(entries: number) {
    super(`the tap did not send its ${entries} entries again`)
    this.entries = entries
  }
}

/**
 * Entries behind the tap's last state. What was handed on before is told by number and digest when it comes again,
 * and left out; the digest grows on.
 */
export class Again {
  #entries = 0
  #hash: Hash = createHash('sha256')
  #expected: Position['again']

  constructor(expected: Position['again']) {
    this.#expected = expected
  }

  /** Entries are still expected that were handed on before. */
  get waits(): boolean {
    return this.#expected !== null
  }

  /** @throws NotRepeated when the last of them does not agree */
  skip(entry: Entry): void {
    this.add(entry)
    const { entries, digest } = this.#expected!
    if (this.#entries < entries) return
    if (this.position!.digest !== digest) throw new NotRepeated(entries)
    this.#expected = null
  }

  add(entry: Entry): void {
    this.#entries++
    if ('row' in entry) {
      const { type, stream, version, record } = entry.row
      this.#hash.update(`${type} ${version} ${stream}\n${record}\n`)
    } else this.#hash.update(`rejected\n${entry.rejected.reason}\n`).update(entry.rejected.bytes ?? '')
  }

  /** The tap has ended well. @throws NotRepeated where it has sent less than before */
  end(): void {
    if (this.#expected !== null) throw new NotRepeated(this.#expected.entries)
  }

  get position(): Position['again'] {
    if (this.#entries === 0) return null
    return { entries: this.#entries, digest: this.#hash.copy().digest('hex').slice(0, 32) }
  }
}
