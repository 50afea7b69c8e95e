import type { RawRow } from './pieces.ts'

/** Cuts a text file into rows. Chunks may end anywhere. */
export interface Splitter {
  /** What a row is called in an origin: `spend.ndjson line 7`. */
  readonly unit: 'line' | 'row'
  /** The rows this chunk completes; null for a place that counts and holds nothing (a blank line). */
  push(chunk: Buffer): (RawRow | null)[]
  /** What is left at the end of the file. */
  end(): Ending
}

export interface Ending {
  readonly row: RawRow | null
  /** Why the file did not end as it should; null when it did. */
  readonly fault: string | null
}
