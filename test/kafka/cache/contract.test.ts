import t from 'tap'
import { RedisCache } from '../../../engine/store/cache/redis.ts'
import { cacheContract } from '../../contract/cache.ts'
import { redisMissing, startRedis } from '../../support/servers/redis.ts'

t.setTimeout(600_000)

const missing = redisMissing()
if (missing !== null) t.pass(missing, { skip: missing })
else {
  const server = await startRedis()
  const opened: RedisCache[] = []
  t.teardown(async () => {
    for (const cache of opened) await cache.close()
    await server.stop()
  })
  const open = async () => {
    // Nothing here is about a slow server: a busy machine must not look like one.
    const cache = new RedisCache({ url: server.url, timeoutMs: 30_000 })
    opened.push(cache)
    return cache
  }
  cacheContract(t, { open, alone: open })
}
