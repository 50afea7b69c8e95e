import { windowAnswered, windowTake } from './window-scripts.ts'

/**
 * What must happen as one, in Lua: Redis runs a script while nothing else. Each works on one key, so that they run
 * on any server of a cluster too, and asks the time of the server: those of its clients differ.
 */

/** A number as text loses digits unless it is told how many; whole ones return as integers. */
const CLOCK = `
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
`

/** As `bucket.ts`. ARGV: tokens a second, burst, n. Returns allowed, tokens left, now. */
const take = `${CLOCK}
local rate, burst, n = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local held = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(held[1]), tonumber(held[2])
if tokens then
  local passed = math.max(0, now - at)
  tokens = math.min(burst, tokens + (passed * rate) / 1000000)
  at = math.max(now, at)
else
  tokens, at = burst, now
end
local allowed = 0
if tokens >= n then
  allowed, tokens = 1, tokens - n
end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', tokens), 'at', string.format('%.0f', at))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) / rate * 1000) + 1)
return { allowed, string.format('%.17g', tokens), at }
`

/** How long the last token of a lock is remembered: longer than a clock is ever put back. */
const DAY_MS = 86_400_000

/**
 * ARGV: milliseconds. Returns the token, or 0. It is the time, so that a server that has lost everything still gives
 * a higher one than before.
 */
const lock = `${CLOCK}
local held = redis.call('HMGET', KEYS[1], 'token', 'until')
if held[2] and tonumber(held[2]) > now then return 0 end
local token = math.max(now, (tonumber(held[1]) or 0) + 1)
redis.call('HSET', KEYS[1], 'token', string.format('%.0f', token), 'until', string.format('%.0f', now + ARGV[1] * 1000))
redis.call('PEXPIRE', KEYS[1], ARGV[1] + ${DAY_MS})
return token
`

/** ARGV: token, milliseconds from now on (0: none). Returns whether it was held. */
const hold = `${CLOCK}
local held = redis.call('HMGET', KEYS[1], 'token', 'until')
if held[1] ~= ARGV[1] or tonumber(held[2]) <= now then return 0 end
redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + ARGV[2] * 1000))
redis.call('PEXPIRE', KEYS[1], ARGV[2] + ${DAY_MS})
return 1
`

/** Sessions of an owner are one hash: of each its data, behind when it is over. */
const LIVING = `
local living, latest = {}, 0
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local till = tonumber(string.match(all[i + 1], '^%d+'))
  if till > now then
    living[#living + 1] = all[i]
    latest = math.max(latest, till)
  else
    redis.call('HDEL', KEYS[1], all[i])
  end
end
`

/** ARGV: id, data, milliseconds. */
const sessionPut = `${CLOCK}
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now + ARGV[3] * 1000) .. ':' .. ARGV[2])
${LIVING}
redis.call('PEXPIRE', KEYS[1], math.ceil((latest - now) / 1000))
return 1
`

const FOUND = `
local found = redis.call('HGET', KEYS[1], ARGV[1])
if not found then return false end
local till, data = string.match(found, '^(%d+):(.*)$')
if tonumber(till) <= now then data = false end
`

/** ARGV: id. */
const sessionGet = `${CLOCK}${FOUND}
return data
`

/** ARGV: id. */
const sessionEnd = `${CLOCK}${FOUND}
redis.call('HDEL', KEYS[1], ARGV[1])
return data
`

const sessionList = `${CLOCK}${LIVING}
return living
`

const sessionEndAll = `${CLOCK}${LIVING}
redis.call('DEL', KEYS[1])
return #living
`

export const SCRIPTS = {
  take,
  lock,
  hold,
  sessionPut,
  sessionGet,
  sessionEnd,
  sessionList,
  sessionEndAll,
  windowTake: windowTake(CLOCK),
  windowAnswered: windowAnswered(CLOCK),
}

export type Script = keyof typeof SCRIPTS
