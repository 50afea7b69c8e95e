import { RedisCache } from '../../../engine/store/cache/redis.ts'

/** A process of its own: takes a lock of the server at a URL, says its token, and holds it until it is killed. */
const [url, name, ttlMs] = process.argv.slice(2) as [string, string, string]
const cache = new RedisCache({ url, timeoutMs: 30_000 })
const lock = await cache.lock(name, Number(ttlMs))
process.stdout.write(`${lock!.token}\n`)
setInterval(() => lock!.extend(Number(ttlMs)), Number(ttlMs) / 4)
