import type { Delivery } from '../delivery.ts'
import type { SourceConfig } from '../port.ts'

/**
 * What stands in for a platform while a connector's conformance is tested: its simulator, or files. A few hundred
 * records over several pages of every stream are enough; its rate limits are off, as the kit asks as fast as it can.
 */
export interface Trial {
  /** Starts it with data that follow from the seed. */
  start(options: TrialOptions): Promise<Platform>
  /** Other ways in which the connector can be set up, by their names: it is held to its contract in each of them too. */
  readonly others?: Readonly<Record<string, Trial>>
}

export interface TrialOptions {
  readonly seed: number
  /**
   * Wanted: so many records in one stream at least, made as they are asked for. Memory is measured with them; a
   * trial that gives fewer has that check left out.
   */
  readonly records?: number
  /** Wanted: the time it is there (`Platform.now`). UTC microseconds. A trial with a time of its own leaves it alone. */
  readonly now?: number
}

/** A platform that is there for one test. */
export interface Platform {
  /** The configuration that reaches it, secrets included. */
  readonly config: SourceConfig
  /**
   * Where it is spoken to over HTTP: the setting that holds its address. The kit stands in between and makes its
   * faults there (429, 500, a time-out, a dropped connection, half a body). null: it is not spoken to over HTTP.
   */
  readonly address: { readonly setting: string } | null
  /** Time by the platform; UTC microseconds. Figures of days after it are not there. */
  readonly now: number
  /** Streams that are read object by object, as the settings name them: no list of theirs can be empty. */
  readonly single?: readonly string[]
  /** What only the platform itself can do. Left out: it cannot happen there. */
  readonly faults?: {
    /** The access token in force is refused from now on; a refresh gives another. */
    expireToken?(): void
    /** From now on a right is missing, in the platform's own words. Left out: the kit answers a bare 403. */
    forbid?(): void
    /** From now on a page begins with the last rows of the page before, as when rows are added meanwhile. */
    repeatRows?(): void
    /** From now on lists are empty. */
    empty?(): void
    /** From now on records have a field more, one of another type, and one less. */
    drift?(kind: 'added' | 'retyped' | 'missing'): void
    /** History is restated: what was read of past days is another now. */
    restate?(): void
  }
  /** What it sends by itself, to a connector that receives. Left out: nothing. */
  readonly deliveries?: Deliveries
  close(): Promise<void>
}

/** The sender's side: bodies that the kit has signed, spoils, keeps back and sends twice. */
export interface Deliveries {
  /** Two at least, each with records of its own, as JSON. */
  readonly bodies: readonly Buffer[]
  /** A body as the platform signs and sends it, with the right secret. @param at when; UTC microseconds */
  signed(body: Buffer, at: number): Delivery
  /** How old a delivery may be, and how far the sender's clock ahead. null: no time is signed there. */
  readonly window: { readonly pastMs: number; readonly futureMs: number } | null
}
