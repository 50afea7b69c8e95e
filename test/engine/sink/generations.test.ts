import t from 'tap'
import { refill } from '../../../engine/runtime/prepare.ts'
import { Generations } from '../../../engine/sink/generations.ts'
import { openCut } from '../../../engine/sink/inserter.ts'
import { withCommit } from '../../support/logs.ts'
import { THINGS, Things, thingsApp } from '../../support/things.ts'
import { things } from './thread-tables.ts'

const lab = new Things(t)
const cut = { rows: 4, bytes: 1 << 20, ms: 1 }
const NO_DAY = { day: '1815-06-18' }
const GOOD = { lost: 0, doubled: 0, alien: 0, older: 0 }

/** A release whose table takes what this one refuses. */
const lenient = {
  ...thingsApp,
  tables: thingsApp.tables.map(table =>
    table === things
      ? {
          ...things,
          version: 2,
          columns: things.columns.map(c =>
            c.name === 'day'
              ? {
                  ...c,
                  value: ({ day }: Readonly<Record<string, unknown>>) =>
                    day === NO_DAY.day ? '2026-01-01' : day,
                }
              : c,
          ),
        }
      : table,
  ),
}

t.test('a table filled again is filled with what it held: its tokens are others than before', async t => {
  const house = await lab.house({ cut })
  await house.start()
  await house.append({ text: 'a' }, NO_DAY, { text: 'b' })
  await house.drain()
  await house.stop()
  const before = await house.rows()
  const tokens = [...house.warehouse.tokens]
  await house.ask('apply', { lose: ['things'] })
  t.same(await house.rows(), [], 'empty until the next run')
  await house.start()
  await house.append({ text: 'c' })
  await house.drain()
  t.same(await house.rows(), [...before, { offset: 3, text: 'c' }])
  t.same(
    house.warehouse.tokens.slice(tokens.length).filter(token => tokens.includes(token)),
    [],
  )
  t.match(await house.verdict(), { records: 4, rows: 3, dead_letters: 1, ...GOOD })
  t.equal((await house.ask('deadletters.list')).length, 1, 'refused again is the same letter')
  await house.close()
})

t.test('killed before the table was made anew: the next start finds that and does it', async t => {
  const house = await lab.house({ cut })
  await house.start()
  await house.append({ text: 'a' }, { text: 'b' })
  await house.drain()
  await house.stop()
  await refill(house.stores, things)
  t.match(await house.ask('plan'), [{ name: 'things', action: 'create', detail: /cut off goes on/ }])
  await house.start()
  await house.drain()
  t.same(
    (await house.rows()).map(row => row.offset),
    [0, 1],
  )
  t.match(await house.verdict(), { rows: 2, ...GOOD })
  await house.close()
})

t.test('killed before the sink was set back: the next start does that too', async t => {
  const house = await lab.house({ cut })
  await house.start()
  await house.append({ text: 'a' }, { text: 'b' })
  await house.drain()
  await house.stop()
  const { log } = house.stores
  const dying = withCommit(log, async (own, unit) => {
    if (own.group === 'group/0') throw new Error('killed')
    await own.commit(unit)
  })
  const generations = await Generations.open(dying)
  await t.rejects(generations.refill(things, THINGS, ['group/0']), { message: 'killed' })
  t.equal(await log.position('sink.things', THINGS, 0), 2, 'the log holds the intent, and nothing else')
  await house.start()
  await house.append({ text: 'c' })
  await house.drain()
  t.same(
    (await house.rows()).map(row => row.text),
    ['a', 'b', 'c'],
  )
  t.match(await house.verdict(), { rows: 3, ...GOOD })
  await house.close()
})

t.test('a sink that was cut off in a cut is set back with it: the cut is of the table that goes', async t => {
  const house = await lab.house({ cut })
  await house.start()
  await house.append({ text: 'a' }, { text: 'b' })
  await house.drain()
  await house.stop()
  const { log } = house.stores
  const writer = await log.writer('group/0')
  const open = Buffer.from(JSON.stringify({ from: 2, to: 5, generation: '1.1', repairs: 0 }))
  await writer.commit({
    state: [{ store: 'sink.things/0', changes: [{ key: Buffer.from('cut'), value: open }] }],
  })
  await house.ask('apply', { lose: ['things'] })
  t.equal(openCut(log, 'things', 0), null)
  t.equal(await log.position('sink.things', THINGS, 0), 0)
  await t.rejects(writer.commit({}), { code: 'WRITER_FENCED' }, 'its owner goes on no more')
  await house.start()
  await house.drain()
  t.match(await house.verdict(), { rows: 2, ...GOOD })
  await house.close()
})

t.test('an owner that is back before the sink is set back is taken over again', async t => {
  const house = await lab.house({ cut })
  await house.start()
  await house.append({ text: 'a' })
  await house.drain()
  await house.stop()
  const { log } = house.stores
  let back = 0
  const crossed = withCommit(log, async (own, unit) => {
    if (own.group === 'group/0' && back++ < 2) await log.writer('group/0')
    await own.commit(unit)
  })
  const generations = await Generations.open(crossed)
  await generations.refill(things, THINGS, ['group/0'])
  t.equal(back, 3)
  t.equal(await log.position('sink.things', THINGS, 0), 0)
  await house.close()
})

t.test('a sink waits until its table is made anew', async t => {
  const house = await lab.house({ cut })
  await house.start()
  await house.stop()
  const elsewhere = await Generations.open(house.stores.log)
  await elsewhere.refill(things, THINGS, ['group/0'])
  const stop = new AbortController()
  const { generations } = house.stores
  const following = generations.follow(stop.signal)
  let waited = false
  const told: string[] = []
  const ready = generations
    .ready(things, stop.signal, reason => told.push(reason.message))
    .then(() => {
      waited = true
    })
  await generations.refresh()
  t.notOk(waited)
  await elsewhere.made([things], elsewhere.known())
  await ready
  t.match(told, [/things is to be made anew.*`stratum apply`/])
  await elsewhere.made([{ ...things, version: 2 }], elsewhere.known())
  await t.rejects(
    generations.ready(things, stop.signal, () => {}),
    {
      code: 'TABLE_MISMATCH',
      message: /made by version 2 .* fills it by version 1/,
    },
  )
  stop.abort()
  await following
  await house.close()
})

t.test('two that make a table anew at once: the one that ends last says so, and the next has to', async t => {
  const house = await lab.house({ cut })
  await house.start()
  await house.stop()
  const [one, other] = [await Generations.open(house.stores.log), await Generations.open(house.stores.log)]
  await one.refill(things, THINGS, ['group/0'])
  await other.refill(things, THINGS, ['group/0'])
  await other.made([things], other.known())
  await t.rejects(one.made([things], one.known()), { code: 'TABLE_MISMATCH', message: /at the same time/ })
  await other.refresh()
  t.ok(other.toRemake(things))
  await house.close()
})

t.test('a table that is gone is filled again when its release is applied', async t => {
  const house = await lab.house({ cut })
  await house.start()
  await house.append({ text: 'a' }, { text: 'b' })
  await house.drain()
  await house.stop()
  await house.warehouse.command(`DROP TABLE ${house.database}.things SYNC`)
  t.match(await house.ask('plan'), [
    { name: 'things', action: 'recreate', loses_rows: false, detail: /filled and is gone/ },
  ])
  await t.rejects(house.start(), { code: 'TABLE_MISMATCH', message: /stratum apply/ })
  await house.ask('apply')
  await house.start()
  await house.drain()
  t.match(await house.verdict(), { rows: 2, ...GOOD })
  await house.close()
})

t.test('rows that were there before the log are not taken for its own', async t => {
  const house = await lab.house({ cut })
  await house.start()
  await house.stop()
  const copy = await lab.house({ cut, warehouse: house.options.warehouse })
  await house.warehouse.command(
    `INSERT INTO ${house.database}.things VALUES ('acme', 'e', NULL, '2026-01-01', '${THINGS}', 0, 0)`,
  )
  t.match(
    (await copy.ask('plan')).filter(change => change.what === 'table' && change.name === 'things'),
    [{ action: 'recreate', loses_rows: true, detail: /rows that are not of this log/ }],
  )
  await t.rejects(copy.start(), { code: 'TABLE_MISMATCH' })
  await copy.close()
  await house.close()
})

t.test('a higher version leaves the rows; asked for, the table is filled again by it', async t => {
  const house = await lab.house({ cut })
  await house.start()
  await house.append({ text: 'a' }, NO_DAY)
  await house.drain()
  await house.stop()
  await t.rejects(house.start(lenient), {
    code: 'TABLE_MISMATCH',
    message: /version 1 to 2: rows there keep/,
  })
  await house.ask('apply')
  await house.start()
  await house.append(NO_DAY)
  await house.drain()
  t.ok(house.warehouse.tokens.includes('stratum:2.1:things:stratum.things:0:2-2'))
  t.match(await house.verdict(), { rows: 2, dead_letters: 1, ...GOOD })
  await house.stop()
  await house.ask('apply', { lose: ['things'] })
  await house.start()
  await house.drain()
  t.match(await house.verdict(), { rows: 3, dead_letters: 0, ...GOOD }, 'what was refused is a row now')
  await house.close()
})

t.test(
  'a letter of an earlier filling was replayed although its record had become a row: it was there twice',
  async t => {
    const house = await lab.house({ cut })
    await house.start()
    await house.append({ text: 'a' }, { ...NO_DAY, text: 'b' })
    await house.drain()
    await house.stop()
    await house.stop()
    await t.rejects(house.start(lenient))
    await house.ask('apply', { lose: ['things'] })
    const [letter] = await house.ask('deadletters.list')
    t.match(await house.ask('deadletters.replay'), [
      { replayed: 0, left_alone: 1, reasons: [{ id: letter!.id, why: /filled again since/ }] },
    ])
    await house.start()
    await house.drain()
    t.same(await house.rows(), [
      { offset: 0, text: 'a' },
      { offset: 1, text: 'b' },
    ])
    await house.ask('deadletters.replay')
    await house.drain()
    t.equal((await house.rows()).length, 2)
    t.match(await house.verdict(), { rows: 2, ...GOOD })
    await house.close()
  },
)

t.test('a start took a table that an apply elsewhere had just set back for made', async t => {
  const house = await lab.house({ cut })
  await house.start()
  await house.stop()
  const elsewhere = await Generations.open(house.stores.log)
  const known = house.stores.generations.known()
  await elsewhere.refill(things, THINGS, ['group/0'])
  await house.stores.generations.made([things], known)
  t.ok(house.stores.generations.toRemake(things))
  await house.stores.generations.made([things], house.stores.generations.known())
  t.notOk(house.stores.generations.toRemake(things), 'it is when one that knew of it has made it')
  await house.close()
})
