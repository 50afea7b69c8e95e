import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { StratumError } from '../../../engine/errors.ts'
import { explained } from '../../../engine/source/trouble.ts'
import { authError, configError, fatalError, PayloadError, RetryableError } from '../../../plugins/errors.ts'
import { row, Syncing } from './syncing.ts'

const STOPPING = [
  { error: configError('is no such account', '/account'), told: 'crm: /account: is no such account' },
  {
    error: authError('The token has expired.'),
    told: 'crm: The token has expired. Connect it again, with all the rights it asks for',
  },
  { error: fatalError('crm: the API of 2019 is gone'), told: 'crm: the API of 2019 is gone' },
  { error: new TypeError('x is not a function'), told: 'x is not a function' },
] as const

for (const { error, told } of STOPPING)
  t.test(`${error.name} stops the run at once; what came before is kept and not read again`, async t => {
    const sync = await Syncing.of(t, { people: [[row('a')], error, [row('b')]], later: [[row('z')]] })
    await t.rejects(sync.run(), error)
    t.strictSame(sync.asked, [null], 'it was asked once')
    t.strictSame(sync.waits, [])
    t.strictSame(await sync.raw(), ['start', 'a'], 'the stream after it is not begun')
    t.strictSame(await sync.letters(), [], 'no data was bad')
    t.equal((explained('crm', error) as Error).message, told, 'one line for a person')

    t.strictSame(await sync.run(), { read: 2, deadLettered: 0 })
    t.strictSame(await sync.raw(), ['start', 'a', 'b', 'z', 'end'], 'the same run goes on')
    t.strictSame(sync.asked, [null, 1, null])
  })

t.test('a wrong configuration can be told from a failure of the work', async t => {
  t.match(explained('crm', configError('is wrong')), { code: 'CONFIG_INVALID' })
  t.notMatch(explained('crm', authError('is wrong')), { code: 'CONFIG_INVALID' })
})

t.test('a retryable error waits as long as it says and goes on from the last commit', async t => {
  const later = () => new RetryableError('busy', { retryAfterMs: 1 })
  const sync = await Syncing.of(t, { people: [[row('a')], later(), [row('b')], later(), [row('c')]] })
  t.strictSame(await sync.run({ maxTries: 2 }), { read: 3, deadLettered: 0 })
  t.strictSame(sync.waits, [1, 1])
  t.strictSame(sync.asked, [null, 1, 3])
  t.strictSame(await sync.raw(), ['start', 'a', 'b', 'c', 'end'])
})

t.test('after so many tries without progress it gives up and says when to try again', async t => {
  const busy = new RetryableError('busy', { retryAfterMs: 1 })
  let tries = 0
  const throwing = () => {
    tries++
    throw busy
  }
  const sync = await Syncing.of(t, { people: [[row('a')], throwing] })
  await t.rejects(sync.run({ maxTries: 3 }), busy)
  // The first try read something, so that it is none of the three.
  t.equal(tries, 3)
  t.strictSame(await sync.raw(), ['start', 'a'])
  t.equal((explained('crm', busy) as Error).message, 'crm: busy. Try again in 1 s')
  t.equal((explained('crm', new RetryableError('busy')) as Error).message, 'crm: busy. Try again later')
})

t.test('without a time it backs off at random, further each time, until it is stopped', async t => {
  const stop = new AbortController()
  const sync = await Syncing.of(t, { people: [[row('a')], new RetryableError('busy'), [row('b')]] })
  const running = sync.run({
    signal: stop.signal,
    retrying: (_, waitMs) => {
      t.ok(waitMs >= 0 && waitMs <= 1000, `${waitMs} ms`)
      stop.abort(new Error('enough'))
    },
  })
  await t.rejects(running, { message: 'enough' })
  t.strictSame(await sync.run(), { read: 1, deadLettered: 0 })
  t.strictSame(await sync.raw(), ['start', 'a', 'b', 'end'])
})

t.test('an outage of our own stores is waited for, whatever the number of tries', async t => {
  const sync = await Syncing.of(t, { people: [[row('a')], [row('b')]] })
  let outages = 2
  sync.beforeCommit = ({ appends }) => {
    if (appends![0]!.records.length > 0 && outages-- > 0)
      throw new StratumError('STORE_UNAVAILABLE', 'disk full')
  }
  t.strictSame(await sync.run({ maxTries: 1 }), { read: 2, deadLettered: 0 })
  t.equal(sync.waits.length, 2)
  t.strictSame(await sync.raw(), ['start', 'a', 'b', 'end'])
})

t.test('a bad piece of data is a dead letter and ends its stream, not the others', async t => {
  const bytes = Buffer.from('half a fi')
  const error = new PayloadError('the file ends early', { origin: 'people.csv', bytes })
  const sync = await Syncing.of(t, { people: [[row('a')], error], later: [[row('z')]] })
  t.strictSame(await sync.run(), { read: 3, deadLettered: 1 })
  t.strictSame(await sync.raw(), ['start', 'a', 'z', 'end'])
  t.match(await sync.letters(), [
    {
      stage: 'crm',
      stream: 'people',
      reason: 'the file ends early',
      origin: 'people.csv',
      payload: bytes,
      payload_bytes: bytes.length,
      connection: 'acme/crm/1',
      origin_topic: null,
    },
  ])
})

t.test('a disk too full for the bytes of a bad piece of data ended the run', async t => {
  const bytes = Buffer.alloc(300 * 1024, 'x')
  const error = new PayloadError('the file ends early', { origin: 'people.csv', bytes })
  const sync = await Syncing.of(t, { people: [[row('a')], error], later: [[row('z')]] })
  // What stands where the folder should be fails like a disk that is full.
  const inTheWay = join(sync.dataDir, 'blobs')
  writeFileSync(inTheWay, '')
  const outages: unknown[] = []
  const retrying = (error: unknown) => {
    outages.push(error)
    rmSync(inTheWay)
  }
  t.strictSame(await sync.run({ retrying }), { read: 3, deadLettered: 1 })
  t.match(outages, [{ code: 'STORE_UNAVAILABLE' }])
  t.match(await sync.letters(), [{ payload_bytes: bytes.length, payload: null, payload_ref: /^blobs/ }])
})

t.test('a platform that was away when it was asked for its streams ended the run', async t => {
  const sync = await Syncing.of(t, { people: [[row('a')]] })
  let away = 2
  sync.discover = () => {
    if (away-- > 0) throw new RetryableError('busy', { retryAfterMs: 1 })
  }
  t.strictSame(await sync.run({ maxTries: 3 }), { read: 1, deadLettered: 0 })
  t.strictSame(sync.waits, [1, 1])
  sync.discover = () => {
    throw new RetryableError('busy', { retryAfterMs: 1 })
  }
  await t.rejects(sync.run({ maxTries: 3 }), { message: 'busy' })
  sync.discover = () => {
    throw authError('revoked')
  }
  await t.rejects(sync.run(), { message: 'revoked' })
})
