import t from 'tap'
import { ageOf, same } from '../../../plugins/webhooks/index.ts'

t.test('secrets are the same, or not, whatever their lengths', async t => {
  t.equal(same('abc', Buffer.from('abc')), true)
  for (const other of ['', 'ab', 'abcd', 'abd', 'ABC']) t.equal(same('abc', other), false, other)
})

t.test('the age of a delivery', async t => {
  const window = { pastMs: 1000, futureMs: 10 }
  const at = (ms: number) => ageOf(String(5_000_000), (5_000_000 + ms) * 1000, window)
  t.same([-11, -10, 0, 1000, 1001].map(at), ['future', 'fresh', 'fresh', 'fresh', 'stale'])
  for (const sent of ['', 'x', '1.5', '-1', 'Infinity', '1e3']) t.equal(ageOf(sent, 0, window), 'unreadable')
})
