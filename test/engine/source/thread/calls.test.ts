import { MessageChannel } from 'node:worker_threads'
import t from 'tap'
import { type Limiter, LocalLimiter } from '../../../../engine/source/limits/limiter.ts'
import { Answerer, Caller, type Reply } from '../../../../engine/source/thread/calls.ts'
import { memoryTokens, type TokenStore, type Tokens } from '../../../../engine/source/tokens.ts'
import { failure } from '../../../support/failure.ts'

interface Tap {
  teardown(work: () => unknown): void
}

/** Two ends of a thread boundary. */
function pair(t: Tap, limiter: Limiter, tokens: TokenStore) {
  const { port1, port2 } = new MessageChannel()
  const caller = new Caller(call => port1.postMessage(call))
  const answerer = new Answerer(limiter, tokens, reply => port2.postMessage(reply))
  port1.on('message', (reply: Reply) => caller.hear(reply))
  port2.on('message', call => answerer.answer(call))
  t.teardown(() => {
    port1.close()
    port2.close()
  })
  return { caller, answerer }
}

const token = (access: string): Tokens => ({ access, obtainedAt: 0, expiresAt: null, refresh: null })
const { signal } = new AbortController()
const LIMITS = [{ calls: 1, perMs: 10_000 }]

t.test('connections in threads share a limit', async t => {
  const limiter = new LocalLimiter()
  const one = pair(t, limiter, memoryTokens())
  const two = pair(t, limiter, memoryTokens())
  const place = await one.caller.limiter.take('app', LIMITS, 1, signal)
  const stop = new AbortController()
  const waiting = two.caller.limiter.take('app', LIMITS, 1, stop.signal)
  place.done()
  setTimeout(() => stop.abort(new Error('still held')), 30)
  t.match(await failure(waiting), { message: 'still held' })
  await (await two.caller.limiter.take('other', LIMITS, 1, signal)).done()
})

t.test('a thread that ends gives its places back', async t => {
  const limiter = new LocalLimiter()
  const dying = pair(t, limiter, memoryTokens())
  const limits = [{ calls: 1, perMs: 1 }]
  await dying.caller.limiter.take('app', limits, 1, signal)
  const other = pair(t, limiter, memoryTokens()).caller.limiter.take('app', limits, 1, signal)
  dying.answerer.close()
  ;(await other).done()
})

t.test('tokens are renewed by one thread at a time, and each sees what the last kept', async t => {
  const tokens = memoryTokens()
  const threads = Array.from({ length: 4 }, () => pair(t, new LocalLimiter(), tokens).caller)
  let renewing = 0
  const seen: (string | null)[] = []
  await Promise.all(
    threads.map(({ tokens }, i) =>
      tokens.update(async current => {
        t.equal(++renewing, 1)
        seen.push(current?.access ?? null)
        await new Promise(resolve => setTimeout(resolve, 5))
        renewing--
        return token(`t${i}`)
      }),
    ),
  )
  t.same(seen, [null, 't0', 't1', 't2'])
  t.match(await threads[0]!.tokens.load(), { access: 't3' })
})

t.test('a renewal that fails keeps nothing, and the next may try', async t => {
  const tokens = memoryTokens(token('old'))
  const { caller } = pair(t, new LocalLimiter(), tokens)
  const failed = caller.tokens.update(async () => {
    throw Object.assign(new Error('revoked'), { kind: 'auth', lack: 'credentials' })
  })
  t.match(await failure(failed), { message: 'revoked', kind: 'auth' })
  t.match(await tokens.load(), { access: 'old' })
  t.match(await caller.tokens.update(async () => token('new')), { access: 'new' })
})

t.test('tokens that could not be kept are not used', async t => {
  const broken: TokenStore = {
    load: async () => null,
    update: async renew => {
      await renew(null)
      throw new Error('the catalogue is away')
    },
  }
  const { caller } = pair(t, new LocalLimiter(), broken)
  t.match(await failure(caller.tokens.update(async () => token('x'))), { message: 'the catalogue is away' })
})

t.test('a thread that dies while it renews does not hold the others up', async t => {
  const tokens = memoryTokens()
  const dying = pair(t, new LocalLimiter(), tokens)
  const hung = dying.caller.tokens.update(() => new Promise(() => {}))
  hung.catch(() => {})
  await new Promise(resolve => setTimeout(resolve, 10))
  dying.answerer.close()
  t.match(await tokens.update(async () => token('next')), { access: 'next' })
})
