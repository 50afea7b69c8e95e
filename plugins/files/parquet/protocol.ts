/** What the decoder asks of its worker, one question at a time. */
export type Question =
  | { readonly ask: 'open'; readonly path: string }
  | {
      readonly ask: 'start'
      readonly columns: readonly string[]
      readonly size: number
      readonly skip: number
    }
  | { readonly ask: 'next' }
  | { readonly ask: 'close' }

export type Answer =
  /** Rows of each row group, and the schema as an Arrow IPC stream. */
  | { readonly answer: 'opened'; readonly groups: readonly number[]; readonly schema: Uint8Array }
  /** A record batch as an Arrow IPC stream; null at the end of the file. */
  | { readonly answer: 'batch'; readonly ipc: Uint8Array | null }
  | { readonly answer: 'done' }
  | { readonly answer: 'failed'; readonly message: string; readonly panic: boolean }
