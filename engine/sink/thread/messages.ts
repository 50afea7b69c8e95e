import type { Kind } from '../../codec/kind.ts'
import type { Entry } from '../../codec/registry/port.ts'
import { messageOf, StratumError } from '../../errors.ts'
import type { Cut, CutOrder } from '../cut.ts'

/** What the thread that makes cuts is started with. */
export interface ThreadData {
  /** URL of the module that exports `tables`. */
  readonly module: string
  readonly dataDir: string
  readonly kinds: readonly Kind[]
  /** Every registered schema: what lies in the log may be of any version. */
  readonly schemas: readonly Entry[]
}

export interface Question {
  readonly id: number
  readonly order: CutOrder
}

export type Answer =
  | { readonly id: number; readonly cut: Omit<Cut, 'native'> & { readonly native: Uint8Array<ArrayBuffer> } }
  | { readonly id: number; readonly failed: { readonly message: string; readonly code: string | null } }

export function answerOf(id: number, cut: Cut): Answer {
  // A small buffer lies in memory that others share: what changes hands must be its own.
  const { native } = cut
  const own =
    native.buffer.byteLength === native.byteLength
      ? new Uint8Array(native.buffer as ArrayBuffer)
      : Uint8Array.from(native)
  return { id, cut: { ...cut, native: own } }
}

export function failureOf(id: number, error: unknown): Answer {
  const code = error instanceof StratumError ? error.code : null
  return { id, failed: { message: messageOf(error), code } }
}

export function errorOf({ message, code }: { message: string; code: string | null }): Error {
  return code === null ? new Error(message) : new StratumError(code as StratumError['code'], message)
}
