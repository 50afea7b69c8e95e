import type { StateCache } from '../state/cache.ts'
import type { Changelog } from '../state/changelogs.ts'
import type { OffsetRecord, Position } from '../state/entry.ts'
import type { RdConsumer, RdProducer } from './rdkafka.ts'

export interface WriterOptions {
  readonly name: string
  readonly producer: RdProducer
  readonly changelogOf: (store: string) => Changelog
  readonly cache: (changelog: Changelog) => StateCache
  /** What the last transaction of this name left. */
  readonly seq: number
  /** Of its changelog. */
  readonly life: string
  readonly positions: readonly Position[]
  /** Partitions of a topic as last heard; undefined where it is not known. */
  readonly partitionsOf: (topic: string) => number | undefined
  readonly refresh: () => Promise<void>
  /** The consumer that lends a group its name. */
  readonly carrier: (group: string) => Promise<RdConsumer>
  /** Takes in what has been committed to a changelog that several write. */
  readonly follow: (changelog: Changelog) => Promise<unknown>
  /** This writer's last transaction that can be read in a changelog, looked for anew. */
  readonly last: (changelog: Changelog) => Promise<OffsetRecord | null>
  /** End of a changelog for readers of committed records, asked anew. */
  readonly end: (changelog: Changelog) => Promise<number>
  /** Called when a transaction is committed, before those who wait for it are told. */
  readonly committed: () => Promise<void>
  readonly onOutage: (error: unknown, attempt: number) => void
  readonly onCommit?: ((seconds: number, units: number) => void) | undefined
  /** Longest a unit waits for others to share its transaction. Milliseconds. */
  readonly commitMs: number
  /** How long one step of a transaction is tried. Milliseconds. */
  readonly giveUpMs?: number | undefined
}
