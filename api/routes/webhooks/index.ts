import type { FastifyInstance, FastifyRequest } from 'fastify'
import { messageOf, StratumError } from '../../../engine/errors.ts'
import { troubleKind } from '../../../engine/source/trouble.ts'
import type { ApiContext } from '../../context.ts'
import { ApiError } from '../../plugins/errors.ts'

/** Of one delivery. */
const MAX_BYTES = 1 << 20

interface Params {
  readonly tenant: string
  readonly connection: string
}

/**
 * Where platforms send what they have to say. The answer comes when it is in the log: 200 and no word of what was
 * made of it; a sender that is not who it should be gets 401, one whose connection is away or paused 503, and tries
 * again.
 */
export function webhooks(app: FastifyInstance, context: ApiContext): void {
  // Bytes as they came: signatures are over them.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_BYTES }, (_, body, done) =>
    done(null, body),
  )
  app.post<{ Params: Params }>('/:tenant/:connection', async request => {
    const { tenant, connection } = request.params
    try {
      const records = await context.receive(tenant, connection, deliveryOf(request))
      return { data: { received: records }, meta: { request_id: request.id } }
    } catch (error) {
      throw answered(error)
    }
  })
}

function deliveryOf(request: FastifyRequest) {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
  )
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  return { method: request.method, url: request.url, headers, body }
}

/** Whoever asks is not known yet: he learns nothing of what there is. */
function answered(error: unknown): unknown {
  if (troubleKind(error) === 'auth') return new ApiError('UNAUTHENTICATED', messageOf(error))
  if (!(error instanceof StratumError)) return error
  if (error.code === 'NOT_FOUND' || error.code === 'STORE_REFUSED')
    return new ApiError('NOT_FOUND', 'There is no such connection.')
  if (error.code === 'PAUSED') return new ApiError('DEPENDENCY_DOWN', 'The connection is paused.')
  return error
}
