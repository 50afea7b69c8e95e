import { randomUUID } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError, badRequest } from './errors.ts'
import type { ApiObject } from './objects.ts'

export interface Entry {
  readonly ok: boolean
  readonly value: ApiObject
  readonly code?: string
  readonly reason?: string
}

/** `{request_status, request_id, campaigns: [{sub_request_status, campaign}], paging}`. */
export function wrapped(list: string, item: string, entries: readonly Entry[], nextLink?: string | null) {
  const isRefused = entries.length > 0 && entries.every(entry => !entry.ok)
  return {
    request_status: isRefused ? 'ERROR' : entries.some(entry => !entry.ok) ? 'PARTIAL' : 'SUCCESS',
    request_id: randomUUID(),
    ...(nextLink ? { paging: { next_link: nextLink } } : {}),
    [list]: entries.map(({ ok, value, code, reason }) =>
      ok
        ? { sub_request_status: 'SUCCESS', [item]: value }
        : { sub_request_status: 'ERROR', error_code: code, sub_request_error_reason: reason, [item]: value },
    ),
  }
}

export const fine = (value: ApiObject): Entry => ({ ok: true, value })

/** `{request_status: 'ERROR', request_id, debug_message, display_message, error_code}`. */
export function sendError(error: Error, _: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = error instanceof ApiError
  const status = known ? error.status : ((error as { statusCode?: number }).statusCode ?? 500)
  if (known) reply.headers(error.headers)
  return reply.code(status).send({
    request_status: 'ERROR',
    request_id: randomUUID(),
    debug_message: error.message,
    display_message: "We're sorry, but the request could not be served",
    ...(known && error.code === null ? {} : { error_code: known ? error.code : 'E1000' }),
  })
}

/** Cuts a page out of a list; the next is linked to under the address that this one was asked for at. */
export function pageOf<T>(
  request: FastifyRequest,
  rows: readonly T[],
  size: number,
  repeated = 0,
): { readonly page: readonly T[]; readonly next: string | null } {
  const url = urlOf(request)
  const cursor = url.searchParams.get('cursor')
  const from = cursor === null ? 0 : Number(Buffer.from(cursor, 'base64url').toString())
  if (!Number.isSafeInteger(from) || from < 0) throw badRequest('cursor is not valid')
  const page = rows.slice(Math.max(0, from - (from === 0 ? 0 : repeated)), from + size)
  if (from + size >= rows.length) return { page, next: null }
  url.searchParams.set('cursor', Buffer.from(String(from + size)).toString('base64url'))
  return { page, next: url.href }
}

export function urlOf({ headers, url }: FastifyRequest): URL {
  const host = headers['x-forwarded-host'] ?? headers.host
  return new URL(url, `http://${host}`)
}
