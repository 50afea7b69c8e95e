import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { StratumError } from '../../../engine/errors.ts'
import { LmdbLog } from '../../../engine/log/lmdb/log.ts'
import type { EventLog } from '../../../engine/log/port.ts'
import type { Cut, CutOrder } from '../../../engine/sink/cut.ts'
import { type CutLimits, CutReader } from '../../../engine/sink/cut-reader.ts'
import { temporaryFolder } from '../../support/folder.ts'

const TOPIC = 'stratum.things'
const HOUR = 3_600_000

/** A reader over a partition of its own, whose cuts hold all they were asked for. */
async function reading(t: Tap, limits: Partial<CutLimits> = {}) {
  const log: EventLog = new LmdbLog(temporaryFolder(t))
  await log.ensureTopic({ name: TOPIC, partitions: 1, cleanup: 'delete' })
  const writer = await log.writer('test')
  const append = (n: number) => {
    const record = { key: Buffer.from('a'), value: Buffer.from('a'), time: 1 }
    return writer.commit({ appends: [{ topic: TOPIC, partition: 0, records: Array(n).fill(record) }] })
  }
  const orders: CutOrder[] = []
  const readers: CutReader[] = []
  // A log that waits, and the timers of a reader, keep no process alive.
  const alive = setInterval(() => {}, HOUR)
  const stop = new AbortController()
  let open = () => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  const start = (shut = false, from = 0, cutting = cut) => {
    const gate = { open: () => (shut ? opened : Promise.resolve()) }
    const reader = new CutReader({
      log,
      cutting: { cut: async order => cutting(order), async close() {} },
      limits: { rows: 3, bytes: 1_000, ms: () => HOUR, ...limits },
      gate,
      signal: stop.signal,
      table: 'things',
      topic: TOPIC,
      partition: 0,
      from,
      replaced: new Set(),
    })
    readers.push(reader)
    return reader
  }
  const cut = (order: CutOrder): Cut => {
    orders.push(order)
    const to = Math.min(order.end, order.from + order.limits!.rows) - 1
    return {
      from: order.from,
      to,
      rows: to - order.from + 1,
      columns: [],
      native: Buffer.alloc(0),
      refused: [],
    }
  }
  t.teardown(async () => {
    stop.abort()
    for (const reader of readers) if (!reader.closed) await once(reader.resume(), 'close')
    clearInterval(alive)
    await log.close()
  })
  return { append, start, orders, stop, open }
}

interface Tap {
  teardown(fn: () => void | Promise<void>): void
}

async function next(reader: CutReader): Promise<[number, number]> {
  for (;;) {
    const cut = reader.read() as Cut | null
    if (cut) return [cut.from, cut.to]
    await once(reader, 'readable')
  }
}

t.test('as soon as there are rows enough it cuts, and goes on where the cut ended', async t => {
  const { append, start, orders } = await reading(t)
  const reader = start()
  await append(7)
  t.same(await next(reader), [0, 2])
  t.same(await next(reader), [3, 5])
  t.match(orders[0], {
    table: 'things',
    topic: TOPIC,
    partition: 0,
    from: 0,
    end: 7,
    limits: { rows: 3, bytes: 1_000 },
  })
  await append(2)
  t.same(await next(reader), [6, 8], 'the rest with what came later')
})

t.test('after its time it cuts what there is', async t => {
  const { append, start } = await reading(t, { ms: () => 0 })
  const reader = start()
  await append(1)
  t.same(await next(reader), [0, 0])
  await append(2)
  t.same(await next(reader), [1, 2])
})

t.test('a shorter time holds at once: a drain does not wait the old one out', async t => {
  let ms = HOUR
  const { append, start } = await reading(t, { ms: () => ms })
  const reader = start()
  await append(1)
  const first = next(reader)
  ms = 0
  t.same(await first, [0, 0])
})

t.test('it begins where it is told to', async t => {
  const { append, start } = await reading(t, { ms: () => 0 })
  await append(5)
  t.same(await next(start(false, 4)), [4, 4])
})

t.test('while its gate is shut nothing is cut', async t => {
  const { append, start, orders, open } = await reading(t)
  const reader = start(true)
  await append(3)
  const first = next(reader)
  for (let i = 0; i < 20; i++) await turn()
  t.same(orders, [])
  open()
  t.same(await first, [0, 2])
})

t.test('stopped, it ends; with what it waited for left in the log', async t => {
  const { append, start, orders, stop } = await reading(t)
  const reader = start()
  await append(1)
  const ended = once(reader, 'end')
  reader.resume()
  stop.abort()
  await ended
  t.same(orders, [])
})

t.test('a cut that cannot be made ends it with why', async t => {
  const { append, start } = await reading(t)
  const reader = start(false, 0, () => {
    throw new Error('no such table')
  })
  await append(3)
  await t.rejects(next(reader), { message: 'no such table' })
})

t.test('an outage of what a cut needs is waited out; nothing is left out', async t => {
  const { append, start, orders } = await reading(t)
  const away = [1, 2].map(n => new StratumError('STORE_UNAVAILABLE', `away ${n}`))
  const reader: CutReader = start(false, 0, order => {
    const error = away.shift()
    if (error) throw error
    orders.push(order)
    return { from: order.from, to: order.end - 1, rows: 3, columns: [], native: Buffer.alloc(0), refused: [] }
  })
  await append(3)
  t.strictSame(await next(reader), [0, 2])
  t.strictSame(away, [])
  t.equal(orders.length, 1)
})

t.test('rows waited for ever when memory was collected while they were gathered', async t => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let round = 0; round < 5; round++) {
    const { append, start } = await reading(t, { ms: () => 60 })
    await append(1)
    const cut = next(start())
    const collecting = setInterval(collect, 5)
    t.same(await cut, [0, 0])
    clearInterval(collecting)
  }
})
