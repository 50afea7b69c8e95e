import t from 'tap'
import { byDay, type DaySlice, each, full, type PartSlice } from '../../../plugins/sync/index.ts'
import { at, type Step, walk } from './support.ts'

interface Account {
  readonly id: string
  readonly zone: string
}
type Slice = PartSlice<Account, DaySlice>

const ACCOUNTS: readonly Account[] = [
  { id: 'a', zone: 'Pacific/Auckland' },
  { id: 'b', zone: 'UTC' },
  { id: 'c', zone: 'America/Los_Angeles' },
]

const cursorOf = (accounts: readonly Account[]) =>
  each('date', {
    parts: () => accounts,
    key: (account: Account) => account.id,
    cursor: ({ zone }) => byDay('date', { restated: 5, slice: 7, history: 20, zone: () => zone }),
  })

const whereOf = (step: Step<Slice>) =>
  `${step.slice.part.id} ${step.slice.slice.from} ${step.slice.slice.to} ${step.page}`
const noon = at('2026-03-31T12:00:00Z')

t.test('each account ends at its own day', async t => {
  const steps = await walk(cursorOf(ACCOUNTS), at('2026-03-31T03:00:00Z'), null, () => 1)
  const last = (id: string) => steps.findLast(s => s.slice.part.id === id)!.slice.slice.to
  t.same(
    ACCOUNTS.map(({ id }) => last(id)),
    ['2026-03-31', '2026-03-31', '2026-03-30'],
  )
})

t.test('cut off at any state: what was read of any account is not read again', async t => {
  const all = await walk(cursorOf(ACCOUNTS), noon, null, () => 2)
  t.equal(all.length, 18)
  for (const [i, step] of all.slice(0, -1).entries()) {
    const rest = await walk(cursorOf(ACCOUNTS), noon, step.state, () => 2)
    t.same(rest.map(whereOf), all.slice(i + 1).map(whereOf), `from ${whereOf(step)}`)
  }
})

t.test('the next run reads of every account what may have been restated', async t => {
  const all = await walk(cursorOf(ACCOUNTS), noon, null, () => 1)
  const next = await walk(cursorOf(ACCOUNTS), noon, all.at(-1)!.state, () => 1)
  t.same(next.map(whereOf), [
    'a 2026-03-28 2026-04-01 0',
    'b 2026-03-27 2026-03-31 0',
    'c 2026-03-27 2026-03-31 0',
  ])
})

t.test('an account that is added is read from its beginning, one taken off ends the run', async t => {
  const two = await walk(cursorOf(ACCOUNTS.slice(0, 2)), noon, null, () => 1)
  const added = await walk(cursorOf(ACCOUNTS), noon, two.at(-1)!.state, () => 1)
  t.match(whereOf(added.find(s => s.slice.part.id === 'c')!), /^c 2026-03-12/)
  const midway = all(two, 'a').at(-1)!.state
  const without = await walk(cursorOf(ACCOUNTS.slice(0, 1)), noon, midway, () => 1)
  t.same(without.map(whereOf), ['a 2026-03-28 2026-04-01 0'], 'a new run of what is left')
})

const all = (steps: readonly Step<Slice>[], id: string) => steps.filter(s => s.slice?.part.id === id)

t.test('no parts: nothing is read', async t => {
  const none = each(null, { parts: () => [], key: String, cursor: () => full() })
  t.same(await walk(none, noon, null, () => 1), [])
})
