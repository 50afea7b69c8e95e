import t from 'tap'
import { fixedClock } from '../../../engine/clock/clock.ts'
import { Codec } from '../../../engine/codec/codec.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'
import type { EncodedBatch } from '../../../engine/source/encode.ts'
import { rawKind, rawKindName } from '../../../engine/source/raw.ts'
import { type Reading, readHere } from '../../../engine/source/reading.ts'
import { readInThread } from '../../../engine/source/thread/thread.ts'
import { counting } from './thread-sources.ts'

const [rows] = counting.streams
const never = new AbortController().signal

async function both(how: string, notices: string[] = []): Promise<{ here: Reading; thread: Reading }> {
  const registry = EmbeddedRegistry.inMemory()
  const codec = new Codec(registry)
  // Ids are dealt in order of registration: the thread must write this registry's, not its own.
  await codec.register({ ...rawKind('other', rows!), name: 'raw_other_rows' })
  await codec.register(rawKind('counting', rows!))
  const options = {
    source: counting,
    config: { how },
    tenant: 'acme',
    connection: 'acme/counting/1',
    codec,
    clock: fixedClock('2026-01-15T12:00:00Z'),
    notice: (message: string) => void notices.push(message),
  }
  const schemas = registry.entries.filter(e => e.subject === rawKindName('counting', 'rows'))
  const module = new URL('./thread-sources.js', import.meta.url).href
  return { here: readHere(options), thread: readInThread({ ...options, module, schemas }) }
}

async function all(reading: Reading, state: unknown = null): Promise<EncodedBatch[]> {
  const batches: EncodedBatch[] = []
  for await (const batch of reading.stream(rows!, state, never)) batches.push(batch)
  return batches
}

t.test('a thread hands over what reading here gives, byte for byte', async t => {
  const notices: string[] = []
  const { here, thread } = await both('well', notices)
  t.teardown(() => thread.close())
  const want = await all(here)
  t.match(want[1]!.rejected, [{ origin: 'row 9' }])
  t.match(want[2]!.rejected, [{ reason: /n must be an integer/ }], 'what the schema refuses is rejected')
  t.equal(notices.length, 4)
  t.strictSame(await all(thread), want)
  t.strictSame(notices.slice(4), notices.slice(0, 4), 'notices arrive too')
  t.strictSame(await all(thread, { next: 2 }), await all(here, { next: 2 }), 'from a state on')
})

for (const kind of ['config', 'auth', 'retryable', 'payload', 'fatal', 'bare'])
  t.test(`an error of kind ${kind} means in a thread what it means here`, async t => {
    const { here, thread } = await both(kind)
    t.teardown(() => thread.close())
    const tell = async (reading: Reading) => {
      const got: unknown[] = []
      try {
        for await (const { state } of reading.stream(rows!, null, never)) got.push(state)
      } catch (error) {
        const { message, kind, retryAfterMs, origin, bytes } = error as Record<string, unknown>
        return { got, message, kind, retryAfterMs: retryAfterMs ?? null, origin, bytes: bytes ?? null }
      }
      return t.fail('it did not fail')
    }
    t.strictSame(await tell(thread), await tell(here))
  })

t.test('a thread reads no further ahead than it was asked to', async t => {
  const notices: string[] = []
  const { thread } = await both('endless', notices)
  t.teardown(() => thread.close())
  const batches = thread.stream(rows!, null, never)[Symbol.asyncIterator]()
  for (let i = 0; i < 5; i++) await batches.next()
  // Two ahead, one being made.
  t.ok(notices.length <= 5 + 3, `${notices.length} batches were made for 5`)
  await batches.return!()
})

t.test('an aborted thread ends its stream', async t => {
  const { thread } = await both('endless')
  t.teardown(() => thread.close())
  const stop = new AbortController()
  let seen = 0
  for await (const _ of thread.stream(rows!, null, stop.signal)) if (++seen === 3) stop.abort()
  t.ok(seen >= 3 && seen <= 6, `${seen}`)
  t.strictSame(
    (await thread.stream(rows!, null, stop.signal)[Symbol.asyncIterator]().next()).done,
    true,
    'and does not begin another',
  )
})

for (const [how, why] of [
  ['die', /^counting: the thread that reads it ended early/],
  ['throw later', /^counting: the thread that reads it died: thrown beside the stream/],
] as const)
  t.test(`a connector that brings down its thread (${how}) does not bring down the engine`, async t => {
    const { thread } = await both(how)
    t.teardown(() => thread.close())
    await t.rejects(all(thread), { message: why })
  })

t.test('a source that the module does not have is said', async t => {
  const registry = EmbeddedRegistry.inMemory()
  const source = { ...counting, id: 'else' }
  const options = { config: {}, tenant: 'a', connection: 'c', clock: fixedClock('2026-01-15'), notice() {} }
  const module = new URL('./thread-sources.js', import.meta.url).href
  const thread = readInThread({ ...options, source, codec: new Codec(registry), module, schemas: [] })
  t.teardown(() => thread.close())
  await t.rejects(all(thread), { message: /^else: the thread that reads it died: .* exports no source else/ })
})
