import type { FastifyInstance } from 'fastify'
import { messageOf } from '../../../engine/errors.ts'
import type { ApiContext, Dependency } from '../../context.ts'

const PATIENCE_MS = 3_000

/** `live`: the process answers. `ready`: everything it needs answers too. */
export function health(app: FastifyInstance, { dependencies }: ApiContext): void {
  app.get('/health/live', async request => ({ data: { status: 'live' }, meta: { request_id: request.id } }))
  app.get('/health/ready', async (request, reply) => {
    const checks = await Promise.all(dependencies.map(check))
    const ready = checks.every(c => c.ok)
    if (!ready) reply.code(503)
    return { data: { status: ready ? 'ready' : 'not_ready', checks }, meta: { request_id: request.id } }
  })
}

async function check({
  name,
  ok,
}: Dependency): Promise<{ name: string; ok: boolean; reason: string | null }> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS)
  })
  try {
    await Promise.race([ok(), late])
    return { name, ok: true, reason: null }
  } catch (error) {
    return { name, ok: false, reason: messageOf(error) }
  } finally {
    clearTimeout(timer)
  }
}
