/** What a route gives: data, or a refusal by the platform's own codes. */
export interface Told {
  readonly code: number
  readonly message: string
  readonly data: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A request is refused; HTTP says 200 all the same. */
export class Refusal extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

export const ok = (data: unknown, headers?: Told['headers']): Told => ({
  code: 0,
  message: 'OK',
  data,
  ...(headers ? { headers } : {}),
})

export const invalid = (message: string): never => {
  throw new Refusal(40002, message)
}
