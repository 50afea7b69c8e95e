/** What Meta's error codes mean (platforms.md §1.4). */

/** The credentials are worth nothing any more. */
export const AUTH: Readonly<Record<number, string>> = {
  102: 'the session has ended',
  190: 'the access token is refused',
}

/** Why, where the subcode says it. */
export const AUTH_REASONS: Readonly<Record<number, string>> = {
  458: 'the app was removed by its user',
  459: 'the user has to log in to Facebook first',
  460: 'the password was changed',
  463: 'it has expired',
  464: 'the user has to log in to Facebook first',
  467: 'it is invalid',
}

const THROTTLED = new Set([4, 17, 32, 341, 613, 80008, 80014])

export const isThrottled = (code: number): boolean => THROTTLED.has(code) || (code >= 80000 && code <= 80006)

export const isPermission = (code: number): boolean => code === 10 || (code >= 200 && code <= 299)

/** 99: an unknown error that a smaller request does not have; 960: a batch that took too long. */
export const isTooLarge = (code: number, message: string): boolean =>
  code === 99 || code === 960 || (code === 1 && /reduce the amount of data/i.test(message))

export const MISSING_OR_FORBIDDEN = 33
export const BUDGET_CHANGED_TOO_OFTEN = 1487632
export const MUTATIONS_TOO_FAST = 5044001
export const BUDGET_ELSEWHERE = 1885621
export const BUDGET_TOO_LOW = 1885272
/** Code 2601: the report is asked for before it is there, or after it was thrown away. */
export const REPORT_NOT_LOADED = 2601
