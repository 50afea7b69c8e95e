import type { RefusalCode } from '../../commands/answer.ts'

/** A command is refused, and why. */
class Refusal extends Error {
  readonly code: RefusalCode
  readonly body: unknown
  constructor(code: RefusalCode, message: string, body: unknown) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.body = body
  }
}

export const refusal = (code: RefusalCode, message: string, body: unknown = {}): Error =>
  new Refusal(code, message, body)

/** What was refused; null: it is another error. */
export const refused = (error: unknown): { code: RefusalCode; message: string; body: unknown } | null =>
  error instanceof Refusal ? error : null
