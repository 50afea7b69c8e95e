import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isOutage } from '../../engine/errors.ts'
import { logger } from '../../engine/telemetry/logger.ts'

/** What a request can fail with; the codes are the API's contract (specification, product.md §4.12). */
const STATUS = {
  VALIDATION_ERROR: 400,
  UNAUTHENTICATED: 401,
  NOT_FOUND: 404,
  INTERNAL: 500,
  DEPENDENCY_DOWN: 503,
} as const

export type ApiErrorCode = keyof typeof STATUS

export class ApiError extends Error {
  readonly code: ApiErrorCode
  readonly details: readonly string[]
  constructor(code: ApiErrorCode, message: string, details: readonly string[] = []) {
    super(message)
    this.code = code
    this.details = details
  }
}

const log = logger('api')

/** Every failure leaves as `{error: {code, message, details, request_id}}`, without a stack trace. */
export function errors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | ApiError, request, reply) => {
    if (error instanceof ApiError) return send(request, reply, error)
    if ('validation' in error && error.validation) return send(request, reply, invalid(error))
    if (isOutage(error)) {
      log.warn({ route: request.routeOptions.url }, `A store is away: ${error.message}`)
      return send(request, reply, new ApiError('DEPENDENCY_DOWN', 'A store does not answer. Try again soon.'))
    }
    const status = (error as FastifyError).statusCode ?? 500
    if (status < 500) return send(request, reply, new ApiError('VALIDATION_ERROR', error.message), status)
    log.error({ request_id: request.id, route: request.routeOptions.url, err: error }, 'A request failed.')
    send(
      request,
      reply,
      new ApiError('INTERNAL', `Something went wrong here. The log has it under ${request.id}.`),
    )
  })
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!
    send(request, reply, new ApiError('NOT_FOUND', `There is no ${request.method} ${path.slice(0, 200)}.`))
  })
}

/** What fails before a route is found (a malformed address): the same envelope. */
export function unroutable(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  send(request, reply, new ApiError('VALIDATION_ERROR', error.message), error.statusCode ?? 400)
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  error: ApiError,
  status: number = STATUS[error.code],
): void {
  const { code, message, details } = error
  reply.code(status).send({ error: { code, message, details, request_id: request.id } })
}

function invalid(error: FastifyError): ApiError {
  const details = error.validation!.map(({ keyword, params, instancePath, message }) => {
    if (keyword === 'additionalProperties') return `${params.additionalProperty}: there is no such parameter`
    const name = instancePath.slice(1) || error.validationContext
    if (keyword === 'format') return `${name}: must be a day, as 2026-01-31`
    if (keyword === 'enum') return `${name}: must be one of ${(params.allowedValues as string[]).join(', ')}`
    return `${name}: ${message}`
  })
  return new ApiError('VALIDATION_ERROR', details.join('; '), details)
}
