import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import type { Test } from 'tap'
import { messageOf } from '../../../engine/errors.ts'
import { silent } from '../../../engine/runtime/options.ts'
import { openCut } from '../../../engine/sink/inserter.ts'
import { listening } from '../../support/engine.ts'
import { away, type Fault, failsAfter, failsBefore, losesRows, refusal } from '../../support/faulty.ts'
import type { House, Some, Things } from '../../support/things.ts'

/** Cuts are small and not waited for. */
const cut = { rows: 4, bytes: 1 << 20, ms: 1 }
const some = (n: number, more: Some = {}): Some[] => Array.from({ length: n }, () => more)
interface Asserting {
  match(found: unknown, wanted: object): boolean
}
const NO_DAY = { day: '1815-06-18' }

/** Everything appended is there once, as a row or as a dead letter, and dead letters are rows of their own. */
async function agrees(t: Asserting, house: House, rows: number, letters: number): Promise<void> {
  const clean = { lost: 0, doubled: 0, alien: 0, older: 0 }
  t.match(await house.verdict(), { records: rows + letters, rows, dead_letters: letters, ...clean })
  t.match(await house.verdict('dead_letters'), { records: letters, rows: letters, ...clean })
}

type Trouble = 'well' | 'before' | 'after' | 'crash' | 'half a crash'
const troubles = fc.array(fc.constantFrom<Trouble>('well', 'before', 'after', 'crash', 'half a crash'), {
  maxLength: 4,
})

/** Rows go in exactly once (`engine/sink/inserter.ts`), whatever inserts and answers come to. */
export function inserting(t: Test, lab: Things): void {
  t.test('nothing is lost and nothing is there twice, whatever inserts and answers come to', async t => {
    const faultOf: Readonly<Record<Trouble, Fault>> = {
      well: (_, insert) => insert(),
      before: failsBefore,
      after: failsAfter,
      crash: losesRows(await lab.warehouse),
      'half a crash': losesRows(await lab.warehouse, '_offset % 2 = 0'),
    }
    const things = fc.array(fc.constantFrom<Some>({}, {}, { day: '2026-02-01' }, NO_DAY), {
      minLength: 1,
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(things, troubles, troubles, fc.boolean(), async (all, first, second, unread) => {
        const house = await lab.house({ cut })
        try {
          await house.start()
          house.warehouse.faults.push(...first.map(trouble => faultOf[trouble]))
          if (unread) house.warehouse.failures.push(away())
          await house.append(...all)
          await house.drain()
          await house.stop()
          house.warehouse.failures.length = 0
          // What a stop left open the next start settles.
          await house.start()
          house.warehouse.faults.push(...second.map(trouble => faultOf[trouble]))
          await house.append(...all)
          await house.drain()
          house.warehouse.failures.length = 0
          const refused = 2 * all.filter(thing => thing === NO_DAY).length
          await agrees(t, house, 2 * all.length - refused, refused)
        } finally {
          await house.close()
        }
        return t.passing()
      }),
      { numRuns: 15, endOnFailure: true },
    )
  })

  t.test(
    'an insert that is asked for again has a token of its own: that of the first proves nothing',
    async t => {
      const house = await lab.house({ cut })
      await house.start()
      const crash = losesRows(await lab.warehouse)
      house.warehouse.faults.push(crash, crash)
      await house.append(...some(3))
      await house.drain()
      const first = `stratum:1.1:things:stratum.things:0:0-2`
      const tokens = lab.shared ? [first, first, first, `${first}:r1`] : [first, `${first}:r1`, `${first}:r2`]
      t.strictSame(house.warehouse.tokens, tokens)
      await agrees(t, house, 3, 0)
      await house.close()
    },
  )

  t.test('an insert that went well after an answer that was lost is not asked for again', async t => {
    const house = await lab.house({ cut })
    await house.start()
    house.warehouse.faults.push(failsAfter)
    await house.append(...some(3))
    await house.drain()
    // Over the network what was sent is sent again, and is known by its token.
    const [first, ...more] = house.warehouse.tokens
    t.same(more, lab.shared ? [first] : [])
    await agrees(t, house, 3, 0)
    await house.close()
  })

  t.test(
    'a store that acknowledges rows and has none was asked without a pause, and nobody heard of it',
    async t => {
      const errors: string[] = []
      const outage = (_: string, error: unknown) => errors.push(messageOf(error))
      const house = await lab.house({ cut, observer: { ...silent, outage } })
      await house.start()
      const crash = losesRows(await lab.warehouse)
      const denied: Fault = (block, insert) => crash(block, insert).catch(() => {})
      house.warehouse.faults.push(crash, ...(lab.shared ? [denied] : []), denied, denied, denied)
      await house.append(...some(3))
      await house.drain()
      const said = 'ClickHouse acknowledges rows of things and does not have them: 3 are missing'
      t.same(errors.slice(1), [said, said])
      await agrees(t, house, 3, 0)
      await house.close()
    },
  )

  t.test('an outage is waited out: nothing is dead-lettered, and it is told of', async t => {
    const observer = listening()
    const house = await lab.house({ cut, observer })
    await house.start()
    const full: Fault = async () => {
      throw away('Code: 243. Cannot reserve 1.00 MiB, not enough space')
    }
    house.warehouse.faults.push(full, full, full)
    await house.append(...some(3))
    await house.drain()
    t.ok(observer.heard.length >= 2)
    t.same([...new Set(observer.heard)], ['outage table things'])
    await agrees(t, house, 3, 0)
    await house.close()
  })

  t.test('a row the store refuses goes to the dead letters alone', async t => {
    const heard: string[] = []
    const house = await lab.house({
      cut: { ...cut, rows: 50 },
      observer: { ...silent, deadLetter: (_, why) => heard.push(why) },
    })
    await house.start()
    await house.query('SELECT 1')
    await house.warehouse.command(
      `ALTER TABLE ${house.database}.things ADD CONSTRAINT mild CHECK coalesce(text, '') != 'bad'`,
    )
    await house.append(
      ...some(5),
      { text: 'bad' },
      ...some(20, { text: 'good' }),
      { text: 'bad' },
      ...some(2),
    )
    await house.drain()
    t.match(heard, [/Constraint `mild`/, /Constraint `mild`/])
    t.same((await house.ask('deadletters.list')).map(letter => letter.origin).sort(), [
      'stratum.things/0@26',
      'stratum.things/0@5',
    ])
    await agrees(t, house, 27, 2)
    await house.close()
  })

  t.test('a store that went away while rows were sorted out stopped the engine', async t => {
    const house = await lab.house({ cut: { ...cut, rows: 50 } })
    await house.start()
    const refused: Fault = async () => {
      throw refusal(27, 'Cannot parse input')
    }
    // All, all again, then halves: the first goes in unheard, then it is lost, then the store is away.
    const crash = losesRows(await lab.warehouse)
    house.warehouse.faults.push(refused, refused, failsAfter, crash, failsBefore, refused)
    await house.append(...some(4))
    await house.drain()
    await agrees(t, house, 4, 0)
    await house.close()
  })

  t.test('a refusal that speaks of no values stops, and the row is kept for later', async t => {
    const house = await lab.house({ cut })
    await house.start()
    house.warehouse.faults.push(async () => {
      throw refusal(497, 'demo: Not enough privileges')
    })
    await house.append(...some(3))
    await t.rejects(house.drain(), { code: 'STORE_REFUSED', message: /Not enough privileges/ })
    await house.stop()
    await house.start()
    await house.drain()
    await agrees(t, house, 3, 0)
    await house.close()
  })

  t.test(
    'an owner that hung inserts late: whoever took over has sent the same under the same token',
    async t => {
      const house = await lab.house({
        cut,
        warehouse: { database: 'shared', retentionYears: 10, url: 'http://shared' },
      })
      const late = held()
      const old = await house.start()
      house.warehouse.faults.push(async (_, insert) => {
        await late.until
        await insert()
      })
      await house.append(...some(3), NO_DAY)
      await late.reached(() => house.warehouse.tokens.length === 1)
      await house.start()
      await house.drain()
      late.release()
      await old.stop()
      t.equal(new Set(house.warehouse.tokens.slice(0, 2)).size, 1)
      await agrees(t, house, 3, 1)
      await house.close()
    },
  )

  t.test('missing rows were inserted twice: the first time they had only been late', async t => {
    for (const restarted of [false, true]) {
      const house = await lab.house({
        cut,
        warehouse: { database: `late_${restarted}`, retentionYears: 10, url: 'http://shared' },
      })
      const late = held()
      const old = await house.start()
      const crash = losesRows(await lab.warehouse)
      let landed = Promise.resolve()
      house.warehouse.faults.push(
        crash,
        (_, insert) => insert(),
        async (_, insert) => {
          landed = late.until.then(insert)
          if (restarted) await landed
          else throw away()
        },
      )
      await house.append(...some(3))
      await late.reached(() => house.warehouse.tokens.length >= 3)
      if (restarted) await house.start()
      await house.drain()
      late.release()
      await landed
      if (restarted) await old.stop()
      const first = house.warehouse.tokens[0]
      t.same(house.warehouse.tokens, [first, first, `${first}:r1`, `${first}:r1`])
      await agrees(t, house, 3, 0)
      await house.close()
    }
  })

  t.test('killed before, in or after an insert: the next run completes the cut it finds open', async t => {
    for (const when of ['before', 'after'] as const) {
      const house = await lab.house({ cut })
      const never = held()
      const killed = await house.start()
      house.warehouse.faults.push(async (_, insert) => {
        if (when === 'after') await insert()
        await never.until
        throw away('killed')
      })
      await house.append(...some(2), NO_DAY, ...some(1))
      await never.reached(
        async () =>
          (await house.rows()).length === (when === 'after' ? 3 : 0) && house.warehouse.tokens.length === 1,
      )
      t.match(openCut(house.stores.log, 'things', 0), { from: 0, repairs: 0 })
      await house.start()
      await house.drain()
      t.equal(openCut(house.stores.log, 'things', 0), null)
      await agrees(t, house, 3, 1)
      never.release()
      await killed.stop()
      await agrees(t, house, 3, 1)
      await house.close()
    }
  })
}

/** Something that goes on when it is told to, and a way to wait until it is reached. */
function held() {
  let release = () => {}
  const until = new Promise<void>(resolve => {
    release = resolve
  })
  return {
    until,
    release: () => release(),
    async reached(is: () => boolean | Promise<boolean>) {
      while (!(await is())) await sleep(5)
    },
  }
}
