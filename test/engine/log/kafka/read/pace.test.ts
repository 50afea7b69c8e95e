import t from 'tap'
import { Pace } from '../../../../../engine/log/kafka/read/pace.ts'

const never = new AbortController().signal

t.test('a partition that nobody has read to its end, or that has more, is asked at once', async t => {
  const pace = new Pace()
  const begun = performance.now()
  for (let n = 0; n < 50; n++) await pace.next('facts', 0, never)
  pace.seen('facts', 0, true)
  pace.seen('facts', 0, false)
  for (let n = 0; n < 50; n++) await pace.next('facts', 0, never)
  pace.seen('facts', 1, true)
  for (let n = 0; n < 50; n++) await pace.next('facts', 0, never)
  t.ok(performance.now() - begun < 60_000)
})

t.test('partitions that were read to their ends are asked again at the same beat', async t => {
  const pace = new Pace()
  for (const partition of [0, 1, 2]) pace.seen('facts', partition, true)
  const order: string[] = []
  await Promise.all([
    ...[0, 1, 2].map(async partition => {
      await pace.next('facts', partition, never)
      order.push('beat')
    }),
    pace.next('facts', 3, never).then(() => order.push('at once')),
  ])
  t.strictSame(order, ['at once', 'beat', 'beat', 'beat'])
})

t.test('who is told to stop does not wait for the beat', async t => {
  const pace = new Pace()
  pace.seen('facts', 0, true)
  await t.rejects(pace.next('facts', 0, AbortSignal.abort()), { name: 'AbortError' })
})
