import t from 'tap'
import { differences } from './compare.ts'

const run = { events: { rows: 3, hash: 'a' }, sessions: { rows: 2, hash: 'b' } }

t.test('nothing to say of equal contents', async t => {
  t.same(differences(run, structuredClone(run)), [])
})

t.test('lost, doubled, other and missing are told apart', async t => {
  const say = (killed: Parameters<typeof differences>[1]) => differences(run, killed)
  t.same(say({ ...run, events: { rows: 2, hash: 'x' } }), ['events: 2 rows instead of 3'])
  t.same(say({ ...run, events: { rows: 4, hash: 'x' } }), ['events: 4 rows instead of 3'])
  t.same(say({ ...run, events: { rows: 3, hash: 'x' } }), ['events: 3 rows, but other ones (x, not a)'])
  t.same(say({ events: run.events }), ['sessions: only in the undisturbed run'])
  t.same(say({ ...run, more: run.events }), ['more: only in the killed run'])
})
