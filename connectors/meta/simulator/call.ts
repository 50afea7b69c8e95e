import type { FastifyRequest } from 'fastify'
import { invalid } from './refused.ts'

/** What is asked: `GET /v26.0/act_1/campaigns?fields=…`. */
export interface Call {
  readonly isWrite: boolean
  readonly version: string
  readonly id: string
  /** `campaigns`; null: the object itself. */
  readonly edge: string | null
  /** Of the query and the body; what is no text as JSON. */
  readonly params: Readonly<Record<string, string>>
  readonly token: string | null
  /** Of the server, for links to next pages. */
  readonly origin: string
}

export function callOf(request: FastifyRequest): Call {
  const { version, id, edge } = request.params as { version: string; id: string; edge?: string }
  const body = typeof request.body === 'object' && request.body !== null ? request.body : {}
  const params: Record<string, string> = {}
  for (const [name, value] of Object.entries({ ...(request.query as object), ...body }))
    params[name] = typeof value === 'string' ? value : JSON.stringify(value)
  const bearer = /^(?:Bearer|OAuth) (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  return {
    isWrite: request.method !== 'GET',
    version,
    id,
    // Facebook's client for Python ends the address of an object with a slash.
    edge: edge || null,
    params,
    token: params.access_token ?? bearer ?? null,
    origin: `http://${request.headers.host}`,
  }
}

/** A parameter that is JSON. @throws Refused: it is none */
export function jsonParam<T>(call: Call, name: string): T | null {
  const text = call.params[name]
  if (text === undefined || text === '') return null
  try {
    return JSON.parse(text) as T
  } catch {
    throw invalid(`param ${name} must be valid JSON`)
  }
}

/** `["a","b"]` or `a,b`. */
export function listParam(call: Call, name: string): string[] {
  const text = call.params[name]?.trim() ?? ''
  if (text === '') return []
  return text.startsWith('[')
    ? (jsonParam<string[]>(call, name) ?? [])
    : text.split(',').map(word => word.trim())
}
