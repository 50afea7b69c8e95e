import t from 'tap'
import type { Level, Node } from '../../../connectors/meta/simulator/store.ts'
import { systemClock } from '../../../engine/clock/clock.ts'
import { connected, small } from './support.ts'

type Connected = Awaited<ReturnType<typeof connected>>

const nodes = ({ simulator: { store } }: Connected, level: Level): Node[] => [
  ...store.level(store.accounts[0]!, level),
]
const found = (
  c: Connected,
  level: Level,
  is: (stored: ReturnType<Connected['simulator']['store']['before']>) => boolean,
) => nodes(c, level).find(node => is(c.simulator.store.before(node)))!

t.test('status is set and read back at every level, and set again costs nothing', async t => {
  const c = await connected(t)
  for (const level of ['campaign', 'adset', 'ad'] as const) {
    const { id } = found(c, level, stored => stored.status === 'ACTIVE')
    const ask = { level, id, status: 'PAUSED' }
    t.match(await c.act('setStatus', ask), {
      before: { status: 'ACTIVE' },
      after: { status: 'PAUSED' },
      written: true,
      confirmed: true,
    })
    t.match(await c.act('setStatus', ask), { written: false, confirmed: true })
    t.equal(c.simulator.store.inForce(c.simulator.store.node(id)!).status, 'PAUSED')
  }
  t.equal(c.simulator.store.changes.all.length, 3)
})

t.test('a write that is read back late is waited for', async t => {
  const c = await connected(t, { now: systemClock, writeDelayMs: 250 })
  const { id } = nodes(c, 'campaign')[0]!
  const status = c.simulator.store.before(nodes(c, 'campaign')[0]!).status === 'ACTIVE' ? 'PAUSED' : 'ACTIVE'
  t.match(await c.act('setStatus', { level: 'campaign', id, status }), { after: { status }, confirmed: true })
})

t.test('budgets and bids go in minor units of the account’s currency', async t => {
  for (const [currency, micros] of [
    ['USD', 12_340_000],
    ['JPY', 1234_000_000],
    ['HUF', 5000_000_000],
    ['KWD', 12_340_000],
  ] as const) {
    const c = await connected(t, { world: small({ currency, campaigns: 6 }) })
    const set = { budget_micros: micros, currency }
    for (const level of ['campaign', 'adset'] as const) {
      const { id } = found(c, level, stored => stored.daily_budget !== null)
      const outcome = await c.act('setBudget', { level, id, ...set })
      t.match(
        outcome,
        { after: { budget_micros: micros, kind: 'daily' }, confirmed: true },
        `${currency} ${level}`,
      )
      t.equal(c.simulator.store.inForce(c.simulator.store.node(id)!).daily_budget, micros)
    }
    const { id } = found(c, 'adset', stored => stored.bid_strategy === 'COST_CAP')
    t.match(await c.act('setBid', { id, bid_micros: micros, currency }), { after: { bid_micros: micros } })
    t.equal(c.simulator.store.inForce(c.simulator.store.node(id)!).bid_amount, micros)
  }
})

t.test('what may not be is refused before it is sent', async t => {
  const c = await connected(t, { world: small({ campaigns: 6 }) })
  const shared = found(c, 'campaign', stored => stored.daily_budget !== null)
  const own = found(c, 'campaign', stored => stored.daily_budget === null)
  const within = nodes(c, 'adset').find(node => node.campaign === shared.campaign)!
  const usd = { currency: 'USD', budget_micros: 30_000_000 }
  const refuses = (ask: object, message: RegExp) =>
    t.rejects(c.act('setBudget', ask as never), { kind: 'config', message })
  await refuses(
    { level: 'adset', id: within.id, ...usd },
    /^\/id: \d+ has no budget of its own: its campaign has it/,
  )
  await refuses({ level: 'campaign', id: own.id, ...usd }, /its ad sets have it/)
  await refuses(
    { level: 'campaign', id: shared.id, ...usd, currency: 'EUR' },
    /^\/currency: EUR is not the currency/,
  )
  await refuses(
    { level: 'campaign', id: shared.id, ...usd, budget_micros: 30_000_001 },
    /^\/budget_micros: .*no whole/,
  )
  await refuses({ level: 'adset', id: shared.id, ...usd }, /^\/id: \d+ is no ad set/)
  await refuses({ level: 'campaign', id: 'me', ...usd }, /no id of Meta/)
  await t.rejects(c.act('setStatus', { level: 'ad', id: '4', status: 'PAUSED' }), {
    kind: 'fatal',
    message: /no ad 4/,
  })
  const auto = found(c, 'adset', stored => stored.bid_strategy === 'LOWEST_COST_WITHOUT_CAP')
  await t.rejects(c.act('setBid', { id: auto.id, bid_micros: 1_000_000, currency: 'USD' }), {
    kind: 'config',
    message: /bids by itself/,
  })
  t.equal(c.simulator.store.changes.all.length, 0)
})

t.test('what Meta refuses comes as what it means', async t => {
  const c = await connected(t, { world: small({ campaigns: 6 }) })
  const { id } = found(c, 'adset', stored => stored.daily_budget !== null)
  const set = (dollars: number) =>
    c.act('setBudget', { level: 'adset', id, currency: 'USD', budget_micros: dollars * 1_000_000 })
  await t.rejects(c.act('setBudget', { level: 'adset', id, currency: 'USD', budget_micros: 990_000 }), {
    kind: 'config',
    message: /too low for Meta/,
  })
  for (const dollars of [11, 12, 13, 14]) await set(dollars)
  await t.rejects(
    set(15),
    { kind: 'retryable', retryAfterMs: 3_600_000, message: /1487632/ },
    'four changes an hour',
  )
  c.clock.now += 3_601_000_000
  t.match(await set(15), { confirmed: true })
})

t.test('a token that may only read says which right is missing', async t => {
  const c = await connected(t, { scopes: ['ads_read'] })
  const node = nodes(c, 'campaign')[0]!
  const status = c.simulator.store.before(node).status === 'ACTIVE' ? 'PAUSED' : 'ACTIVE'
  await t.rejects(c.act('setStatus', { level: 'campaign', id: node.id, status }), {
    kind: 'auth',
    lack: 'permission',
    message: /ads_management/,
  })
})
