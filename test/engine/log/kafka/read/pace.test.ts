import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { Pace } from '../../../../../engine/log/kafka/read/pace.ts'

const never = new AbortController().signal
const HOUR_MS = 3_600_000

/** Whether it resolves without waiting for anything. */
const atOnce = (work: Promise<void>) => Promise.race([work.then(() => true), turn(false)])

t.test('a partition that nobody has read to its end, or that has more, is asked at once', async t => {
  const pace = new Pace(HOUR_MS)
  t.ok(await atOnce(pace.next('facts', 0, never)))
  pace.seen('facts', 0, true)
  pace.seen('facts', 0, false)
  t.ok(await atOnce(pace.next('facts', 0, never)))
  pace.seen('facts', 1, true)
  t.ok(await atOnce(pace.next('facts', 0, never)), 'others have their own')
})

t.test('one that was read to its end is asked again at the next beat', async t => {
  const pace = new Pace(20)
  pace.seen('facts', 0, true)
  await pace.next('facts', 0, never)
  t.ok(await atOnce(pace.next('facts', 0, never)), 'the beat is over, and the broker keeps the answer back')
  pace.seen('facts', 0, true)
  await pace.next('facts', 0, never)
})

t.test('who is told to stop does not wait for the beat', async t => {
  const pace = new Pace(HOUR_MS)
  pace.seen('facts', 0, true)
  const stop = new AbortController()
  const waiting = pace.next('facts', 0, stop.signal)
  t.notOk(await atOnce(waiting))
  stop.abort()
  await t.rejects(waiting, { name: 'AbortError' })
})
