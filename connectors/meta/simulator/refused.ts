/** An error as the Graph API words it (platforms.md §1.4). */
export interface GraphError {
  readonly code: number
  readonly subcode?: number
  readonly message: string
  readonly type?: string
  readonly status?: number
  readonly isTransient?: boolean
  readonly title?: string
}

export class Refused extends Error {
  readonly error: GraphError
  constructor(error: GraphError) {
    super(error.message)
    this.name = 'Refused'
    this.error = error
  }

  get status(): number {
    return this.error.status ?? 400
  }

  /** @param trace opaque, for support */
  body(trace: string) {
    const { code, subcode, message, type = 'OAuthException', isTransient, title } = this.error
    return {
      error: {
        message,
        type,
        code,
        ...(subcode === undefined ? {} : { error_subcode: subcode }),
        ...(isTransient === undefined ? {} : { is_transient: isTransient }),
        ...(title === undefined ? {} : { error_user_title: title, error_user_msg: `${title}.` }),
        fbtrace_id: trace,
      },
    }
  }
}

export const invalid = (message: string, subcode?: number, title?: string): Refused =>
  new Refused({
    code: 100,
    message: `(#100) ${message}`,
    ...(subcode === undefined ? {} : { subcode }),
    ...(title === undefined ? {} : { title }),
  })

export const missing = (id: string): Refused =>
  new Refused({
    code: 100,
    subcode: 33,
    type: 'GraphMethodException',
    message: `Unsupported get request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
  })

export const tooMuch = (): Refused =>
  new Refused({
    code: 1,
    status: 500,
    message: "Please reduce the amount of data you're asking for, then retry your request",
  })
