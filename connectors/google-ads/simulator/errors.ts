/** One error of a GoogleAdsFailure. */
export interface Fault {
  readonly category: string
  readonly code: string
  readonly message: string
  readonly trigger?: string
  /** `[['operations', 0], ['update', null]]`. */
  readonly path?: readonly (readonly [string, number | null])[]
  /** Google asks to wait so long. Seconds. */
  readonly retrySeconds?: number
  readonly rateScope?: 'ACCOUNT' | 'DEVELOPER'
}

const STATUS: Readonly<Record<string, readonly [number, string]>> = {
  authenticationError: [401, 'UNAUTHENTICATED'],
  authorizationError: [403, 'PERMISSION_DENIED'],
  quotaError: [429, 'RESOURCE_EXHAUSTED'],
  internalError: [500, 'INTERNAL'],
}

/** An answer that is an error: google.rpc.Status with a GoogleAdsFailure (platforms.md §2.4). */
export class ApiFailure extends Error {
  readonly faults: readonly Fault[]

  constructor(...faults: readonly Fault[]) {
    super(faults[0]?.message)
    this.name = 'ApiFailure'
    this.faults = faults
  }

  get http(): number {
    return (STATUS[this.faults[0]!.category] ?? [400])[0]
  }

  get status(): string {
    return (STATUS[this.faults[0]!.category] ?? [0, 'INVALID_ARGUMENT'])[1]
  }

  /** `{error: …}` */
  body(requestId: string): object {
    return {
      error: {
        code: this.http,
        message: 'Request contains an invalid argument.',
        status: this.status,
        details: [detailsOf(this.faults, requestId)],
      },
    }
  }
}

export const detailsOf = (faults: readonly Fault[], requestId: string): object => ({
  '@type': 'type.googleapis.com/google.ads.googleads.v25.errors.GoogleAdsFailure',
  errors: faults.map(({ category, code, message, trigger, path, retrySeconds, rateScope }) => ({
    errorCode: { [category]: code },
    message,
    ...(trigger === undefined ? {} : { trigger: { stringValue: trigger } }),
    ...(path === undefined
      ? {}
      : {
          location: {
            fieldPathElements: path.map(([fieldName, index]) =>
              index === null ? { fieldName } : { fieldName, index },
            ),
          },
        }),
    ...(retrySeconds === undefined
      ? {}
      : {
          details: {
            quotaErrorDetails: {
              rateScope: rateScope ?? 'DEVELOPER',
              rateName: 'Number of operations',
              retryDelay: `${retrySeconds}s`,
            },
          },
        }),
  })),
  requestId,
})

export const queryError = (code: string, message: string): ApiFailure =>
  new ApiFailure({ category: 'queryError', code, message })

export const requestError = (code: string, message: string): ApiFailure =>
  new ApiFailure({ category: 'requestError', code, message })
