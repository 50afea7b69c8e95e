import { type ConnectorError, fatalError, PayloadError } from '../../../plugins/errors.ts'
import type { Outcome } from '../../../plugins/http/index.ts'

/**
 * What every answer of the API is wrapped in (platforms.md §4.2):
 * `{request_status, request_id, campaigns: [{sub_request_status, campaign: {…}}], paging: {next_link}}`, or
 * `{request_status: 'ERROR', request_id, debug_message, display_message, error_code: 'E3003'}`.
 */
export interface Envelope {
  readonly request_status?: unknown
  readonly request_id?: unknown
  readonly debug_message?: unknown
  readonly display_message?: unknown
  readonly error_code?: unknown
  readonly paging?: { readonly next_link?: unknown }
  readonly [list: string]: unknown
}

export type Json = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The measurement documentation writes the status in small letters, the others in capitals. */
export const isSuccess = (status: unknown): boolean =>
  typeof status === 'string' && status.toUpperCase() === 'SUCCESS'

/**
 * What became of each entry of an answer: both statuses must say so, the whole's and its own.
 * @param list `campaigns` @param item `campaign`
 * @throws payload: there is no such list
 */
export function outcomesOf(body: Envelope, list: string, item: string): Outcome<Json>[] {
  const entries = body[list]
  if (!Array.isArray(entries)) {
    const bytes = Buffer.from(JSON.stringify(Object.keys(body)))
    throw new PayloadError(`the answer has no list '${list}'`, { origin: list, bytes })
  }
  return entries.map((entry: unknown): Outcome<Json> => {
    if (!isObject(entry)) return failed(`an entry of '${list}' is no object`)
    const value = entry[item]
    if (!isSuccess(entry.sub_request_status)) return failed(reasonOf(entry))
    return isObject(value) ? { ok: true, value } : failed(`an entry of '${list}' has no '${item}'`)
  })
}

/** Entries that were refused one by one. */
export const refusesSome = (body: Envelope): boolean =>
  Object.values(body).some(
    list =>
      Array.isArray(list) &&
      list.some(
        entry =>
          isObject(entry) && entry.sub_request_status !== undefined && !isSuccess(entry.sub_request_status),
      ),
  )

const failed = (reason: string): Outcome<Json> => ({ ok: false, error: fatalError(reason) })

/** The platform's words for what it refused; it has several places for them. */
function reasonOf(entry: Json): string {
  const { error_code, sub_request_error_reason, debug_message, display_message } = entry
  const words = [error_code, sub_request_error_reason ?? debug_message ?? display_message]
  const said = words.filter(word => typeof word === 'string' && word !== '').join(': ')
  return `sub_request_status is ${JSON.stringify(entry.sub_request_status)}${said && `: ${said}`}`
}

/** An error with the code the platform gave it. */
export const coded = <E extends ConnectorError>(error: E, code: string | null): E =>
  code === null ? error : Object.assign(error, { code })

/** There is no such thing, or it may not be seen. */
export const isNotFound = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'E3003'
