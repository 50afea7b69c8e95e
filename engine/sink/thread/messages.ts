import type { Kind } from '../../codec/kind.ts'
import type { Known } from '../../codec/registry/ask.ts'
import type { Entry } from '../../codec/registry/port.ts'
import { messageOf, StratumError } from '../../errors.ts'
import type { Cut, CutOrder } from '../cut.ts'

/** What the thread that makes cuts is started with. */
export interface ThreadData {
  /** URL of the module that exports `tables`. */
  readonly module: string
  readonly dataDir: string
  readonly kinds: readonly Kind[]
  /** Schemas that are registered. What else lies in the log is asked for when it is met. */
  readonly schemas: readonly Entry[]
}

export interface Question {
  readonly id: number
  readonly order: CutOrder
}

/** What the thread asks back: schemas of ids it does not know. */
export interface Inquiry {
  readonly inquiry: number
  readonly ids: readonly number[]
}

export type Reply =
  | { readonly inquiry: number; readonly schemas: readonly Known[] }
  | { readonly inquiry: number; readonly failed: Failure }

interface Failure {
  readonly message: string
  readonly code: string | null
}

export type Answer =
  | { readonly id: number; readonly cut: Omit<Cut, 'native'> & { readonly native: Uint8Array<ArrayBuffer> } }
  | { readonly id: number; readonly failed: Failure }

export function answerOf(id: number, cut: Cut): Answer {
  // A small buffer lies in memory that others share: what changes hands must be its own.
  const { native } = cut
  const own =
    native.buffer.byteLength === native.byteLength
      ? new Uint8Array(native.buffer as ArrayBuffer)
      : Uint8Array.from(native)
  return { id, cut: { ...cut, native: own } }
}

export function failureOf(error: unknown): Failure {
  return { message: messageOf(error), code: error instanceof StratumError ? error.code : null }
}

export function errorOf({ message, code }: Failure): Error {
  return code === null ? new Error(message) : new StratumError(code as StratumError['code'], message)
}
