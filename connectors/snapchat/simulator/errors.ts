/**
 * An answer that is an error. The codes of platforms.md §4 are the API's own (E1008, E3003); where it names none,
 * E1000 stands for a request and E2000 for a field that is wrong.
 */
export class ApiError extends Error {
  readonly status: number
  readonly code: string | null
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string | null,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.headers = headers
  }
}

export const badRequest = (message: string, code = 'E1000'): ApiError => new ApiError(400, code, message)

export const notFound = (): ApiError => new ApiError(404, 'E3003', 'Resource can not be found')

export const forbidden = (): ApiError =>
  new ApiError(403, null, 'None of the requested actions [READ_AD] can be authorized')
