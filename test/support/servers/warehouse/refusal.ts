/** An exception of the server. */
export class Refusal extends Error {
  readonly code: number
  /** As the server writes it into the body of its answer. */
  constructor(code: number, message: string, name: string) {
    super(`Code: ${code}. DB::Exception: ${message} (${name})`)
    this.code = code
  }
}

/** Code of an exception chDB has thrown, and its text, which is the server's own. */
export function refusalOf(error: unknown): { code: number; text: string } {
  const { message = String(error) } = error as { message?: string }
  return { code: Number(/Code: (\d+)/.exec(message)?.[1] ?? 1001), text: message }
}

/** The HTTP status of an answer that is an exception (`exceptionCodeToHTTPStatus` of the server). */
export function statusOf(code: number): number {
  if (code === 194) return 401
  if ([192, 193, 516, 497, 512].includes(code)) return 403
  if ([60, 46, 47, 50, 81, 115].includes(code)) return 404
  if ([6, 26, 27, 36, 38, 41, 43, 53, 62, 69, 72, 117, 131, 427].includes(code)) return 400
  if (code === 48) return 501
  if ([209, 76].includes(code)) return 503
  if (code === 159) return 408
  return 500
}
