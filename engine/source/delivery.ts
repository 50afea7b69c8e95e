import type { RejectedRow } from './port.ts'

/** Something a platform has sent by itself (a webhook). */
export interface Delivery {
  readonly method: string
  /** Path and query, as they came. */
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** As it came: a signature is over its bytes. */
  readonly body: Buffer
}

/** What a delivery says. */
export interface Received {
  readonly batches: readonly {
    readonly stream: string
    readonly records: readonly Readonly<Record<string, unknown>>[]
    readonly rejected?: readonly RejectedRow[]
  }[]
  /** It says only that there is something to be read: a sync is due. */
  readonly sync?: boolean
}
