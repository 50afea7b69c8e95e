/**
 * The sliding windows of `windows.ts`. One sorted set a key: `id:cost`, by the microsecond at which the call was
 * answered (of one that is open: at which its lease ends, so that it is in every window until then), and `pause`, by the
 * microsecond until which nobody may ask.
 */
const USED = `
local function used(perMs)
  local sum, calls = 0, redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. string.format('%.0f', now - perMs * 1000), '+inf', 'WITHSCORES')
  for i = 1, #calls, 2 do
    local cost = string.match(calls[i], ':(%d+)$')
    if cost then sum = sum + cost end
  end
  return sum, calls
end
local longest = 0
local function forget(first)
  for i = first, #ARGV, 2 do longest = math.max(longest, tonumber(ARGV[i + 1])) end
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - longest * 1000))
end
`

/**
 * ARGV: id, cost, lease in ms, then calls and milliseconds of each window. Returns 0, or for how many milliseconds there
 * is surely no room: a call that is open may be answered at any moment, but not before now.
 */
export const windowTake = (clock: string) => `${clock}${USED}
local id, cost, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
forget(4)
local wait = math.max(0, (tonumber(redis.call('ZSCORE', KEYS[1], 'pause')) or 0) - now)
for i = 4, #ARGV, 2 do
  local most, perMs = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  local sum, calls = used(perMs)
  local over, j = sum + cost - most, 1
  while over > 0 and j < #calls do
    local part = string.match(calls[j], ':(%d+)$')
    if part then
      over = over - part
      if over <= 0 then wait = math.max(wait, math.min(tonumber(calls[j + 1]), now) + perMs * 1000 - now) end
    end
    j = j + 2
  end
end
if wait > 0 then return math.ceil(wait / 1000) end
redis.call('ZADD', KEYS[1], string.format('%.0f', now + lease * 1000), id .. ':' .. ARGV[2])
redis.call('PEXPIRE', KEYS[1], lease + longest)
return 0
`

/** ARGV: id, pause in ms, n, then n pairs of calls that are left and milliseconds of their window, then the windows. */
export const windowAnswered = (clock: string) => `${clock}${USED}
local id, pause, n = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local windows = 4 + 2 * n
forget(windows)
redis.call('ZADD', KEYS[1], 'XX', string.format('%.0f', now), id)
if pause > 0 then redis.call('ZADD', KEYS[1], 'GT', string.format('%.0f', now + pause * 1000), 'pause') end
for i = 4, windows - 1, 2 do
  for j = windows, #ARGV, 2 do
    if ARGV[i + 1] == ARGV[j + 1] then
      local unknown = math.ceil(ARGV[j] - ARGV[i] - used(tonumber(ARGV[j + 1])))
      if unknown > 0 then
        redis.call('ZADD', KEYS[1], string.format('%.0f', now), id .. ':told' .. ARGV[j + 1] .. ':' .. unknown)
      end
    end
  end
end
local ttl = redis.call('PTTL', KEYS[1])
if ttl < longest + pause then redis.call('PEXPIRE', KEYS[1], longest + pause) end
return 1
`
