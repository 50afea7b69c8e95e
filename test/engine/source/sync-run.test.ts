import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { EventIds } from '../../../engine/codec/event-id.ts'
import { partitionOf } from '../../../engine/log/partition.ts'
import { pseudonym } from '../../../engine/source/raw.ts'
import { fatalError } from '../../../plugins/errors.ts'
import { row, Syncing } from './syncing.ts'

t.test('a run goes from its cursors to the end of every stream', async t => {
  const sync = await Syncing.of(t, { people: [[row('a'), row('b')], [row('c')]], deals: [[row('x')]] })
  const progress: number[] = []
  t.strictSame(await sync.run({ onProgress: read => progress.push(read) }), { read: 4, deadLettered: 0 })
  t.strictSame(await sync.raw(), ['start', 'a', 'b', 'c', 'x', 'end'])
  t.strictSame(progress, [2, 3, 4])
  t.strictSame(sync.asked, [null, null])
  sync.steps.get('people')!.push([row('d')])
  t.strictSame(await sync.run(), { read: 1, deadLettered: 0 }, 'the next run reads what is new')
  t.strictSame(sync.asked, [null, null, 2, 1])
  t.strictSame(await sync.raw(), ['start', 'a', 'b', 'c', 'x', 'end', 'start', 'd', 'end'])
})

t.test('a connection that ran again and again left a writer open each time, on Kafka a producer', async t => {
  const sync = await Syncing.of(t, { people: [[row('a')]] })
  await sync.run()
  t.equal(sync.writers, 0)
  sync.steps.get('people')!.push(fatalError('gone'))
  await t.rejects(sync.run(), { message: 'gone' })
  t.equal(sync.writers, 0, 'also when it failed')
})

t.test('two runs are two: their marks have ids of their own', async t => {
  const sync = await Syncing.of(t, { people: [] })
  await sync.run()
  await sync.run()
  const partition = partitionOf('acme', 2)
  const batch = await sync.log.read('stratum.raw.crm', partition, 0)
  const eventIds = new EventIds(sync.codec)
  const ids = batch!.records.map(record => eventIds.of(record.value))
  t.equal(new Set(ids).size, 4)
  t.ok(
    batch!.records.every(record => record.key.toString() === 'acme\x1facme/crm/1'),
    'all of a tenant lie in one partition',
  )
})

t.test('a cursor commits with its records and dead letters, or none of them', async t => {
  const rejected = [{ reason: 'bad', origin: 'line 2', bytes: null }]
  for (let nth = 1; nth <= 4; nth++) {
    const sync = await Syncing.of(t, {
      people: [
        { records: [row('a')], rejected },
        { records: [row('b')], rejected },
      ],
    })
    let commits = 0
    sync.beforeCommit = () => {
      if (++commits === nth) throw new Error('killed')
    }
    await t.rejects(sync.run(), { message: 'killed' })
    const [raw, letters] = [await sync.raw(), await sync.letters()]
    t.strictSame(raw, ['start', 'a', 'b'].slice(0, nth - 1))
    t.equal(letters.length, Math.max(0, nth - 2))
    sync.beforeCommit = () => {}
    await sync.run()
    t.strictSame(await sync.raw(), ['start', 'a', 'b', 'end'], `killed at commit ${nth}`)
    t.equal((await sync.letters()).length, 2)
  }
})

t.test('rows a connector refuses are dead letters, the good ones beside them are kept', async t => {
  const bytes = Buffer.from('x;y;z')
  const rejected = [{ reason: 'line 7 has 3 fields', origin: 'spend.csv line 7', bytes }]
  const sync = await Syncing.of(t, { people: [{ records: [row('a')], rejected }] })
  t.strictSame(await sync.run(), { read: 2, deadLettered: 1 })
  const [letter] = await sync.letters()
  t.match(letter, {
    reason: 'line 7 has 3 fields',
    origin: 'spend.csv line 7',
    payload: bytes,
    tenant_id: 'acme',
  })
  t.equal(letter!.payload_sha256, hash('sha256', bytes, 'hex'))
})

t.test('the same bad row read again is the same dead letter', async t => {
  const rejected = [{ reason: 'bad', origin: 'line 2', bytes: Buffer.from('x') }]
  const sync = await Syncing.of(t, { people: [{ rejected }, { rejected }] })
  await sync.run()
  const ids = (await sync.letters()).map(letter => letter.event_id)
  t.equal(ids.length, 2)
  t.equal(new Set(ids).size, 1)
})

t.test('rows that do not match their schema are dead letters with what is wrong', async t => {
  const sync = await Syncing.of(t, {
    people: [[row('a'), row('b', { n: 'seven' }), { n: 1, email: 'c@example.com' }, row('d')]],
  })
  t.strictSame(await sync.run(), { read: 4, deadLettered: 2 })
  t.strictSame(await sync.raw(), ['start', 'a', 'd', 'end'])
  t.strictSame(
    (await sync.letters()).map(letter => letter.reason),
    ['people: n must be an integer, got "seven"', 'people: the primary key field id is missing'],
  )
})

t.test('a record beyond a megabyte is a dead letter by reference, with its size and hash', async t => {
  const huge = 'x'.repeat(3 << 20)
  const sync = await Syncing.of(t, { people: [[row('a'), row(`h${huge}`), row('b')]] })
  t.strictSame(await sync.run(), { read: 3, deadLettered: 1 })
  t.strictSame(await sync.raw(), ['start', 'a', 'b', 'end'])
  const [letter] = await sync.letters()
  t.match(letter, { reason: 'people: the record is larger than 1048576 bytes', payload: null })
  t.ok(letter!.payload_bytes > 3 << 20)
  t.equal(letter!.payload_ref, join('blobs', letter!.payload_sha256!))
  const bytes = readFileSync(join(sync.dataDir, letter!.payload_ref!))
  t.equal(bytes.length, letter!.payload_bytes)
  t.equal(hash('sha256', bytes, 'hex'), letter!.payload_sha256)
  t.ok(bytes.includes(huge))
})

t.test('persons are pseudonyms wherever they are stored: records, dead letters, blobs', async t => {
  const email = 'eve@example.com'
  const sync = await Syncing.of(t, {
    people: [[row('a', { email }), row('b', { email, n: 'seven' }), row('c'.repeat(2 << 20), { email })]],
  })
  await sync.run()
  const hashed = pseudonym('acme', 'crm', email)
  t.strictSame(await sync.values(), [{ id: 'a', n: 1, email: hashed }])
  const [refused, large] = await sync.letters()
  t.strictSame(JSON.parse(String(refused!.payload)), { id: 'b', n: 'seven', email: hashed })
  t.ok(readFileSync(join(sync.dataDir, large!.payload_ref!)).includes(hashed))
  const files = readdirSync(sync.dataDir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => readFileSync(join(entry.parentPath, entry.name)))
  t.ok(files.filter(bytes => bytes.includes(hashed)).length >= 2, 'the log and the blob can be searched')
  t.notOk(files.some(bytes => bytes.includes('eve@')))
})

t.test('what is paused is not asked for anything, and goes on where it stood', async t => {
  let resume = () => {}
  const paused = new Promise<void>(done => {
    resume = done
  })
  const sync = await Syncing.of(t, { people: [[row('a')]] })
  let discovered = 0
  sync.discover = () => {
    discovered++
  }
  let met = () => {}
  const atGate = new Promise<void>(done => {
    met = done
  })
  const running = sync.run({
    gate: {
      async open() {
        met()
        await paused
      },
    },
  })
  await atGate
  t.equal(discovered, 0)
  t.strictSame(sync.asked, [])
  resume()
  t.strictSame(await running, { read: 1, deadLettered: 0 })
})

t.test('a pause in the middle holds back batches, and an abort gets out of it', async t => {
  const stop = new AbortController()
  const sync = await Syncing.of(t, { people: [[row('a')], [row('b')], [row('c')]] })
  let batches = 0
  const gate = {
    async open(signal: AbortSignal) {
      // Before the run, its stream and the first batch it is open.
      if (++batches <= 3) return
      setImmediate(() => stop.abort(new Error('enough')))
      await new Promise<void>(done => signal.addEventListener('abort', () => done(), { once: true }))
    },
  }
  await t.rejects(sync.run({ gate, signal: stop.signal }), { message: 'enough' })
  t.strictSame(await sync.raw(), ['start', 'a'])
  t.strictSame(await sync.run(), { read: 2, deadLettered: 0 })
  t.strictSame(await sync.raw(), ['start', 'a', 'b', 'c', 'end'])
})

t.test('a run that is stopped commits no more and ends with the reason', async t => {
  const stop = new AbortController()
  const sync = await Syncing.of(t, {
    people: [[row('a')], () => stop.abort(new Error('ctrl-c')), [row('b')]],
    later: [[row('z')]],
  })
  await t.rejects(sync.run({ signal: stop.signal }), { message: 'ctrl-c' })
  t.strictSame(await sync.raw(), ['start', 'a'])
})

t.test('live streams run side by side: the failure of one stops all', async t => {
  let aborted = false
  const endless = (signal: AbortSignal) =>
    new Promise<void>(done =>
      signal.addEventListener('abort', () => {
        aborted = true
        done()
      }),
    )
  const sync = await Syncing.of(t, { people: [[row('a')]], deals: [[row('x')], fatalError('gone')] })
  const { read } = sync.source
  Object.assign(sync.source, {
    read: async function* (name: string, context: Parameters<typeof read>[1]) {
      yield* read(name, context)
      if (name === 'people') await endless(context.signal)
    },
  })
  await t.rejects(sync.run({ clockMode: 'live' }), { message: 'gone' })
  t.ok(aborted)
  t.strictSame((await sync.raw()).sort(), ['a', 'start', 'x'])
})
