import t from 'tap'
import type { Level } from '../../../connectors/tiktok/simulator/entities.ts'
import { failure } from '../../support/failure.ts'
import { at, connected, NOW, small, twoAdvertisers } from './support.ts'

type Connection = Awaited<ReturnType<typeof connected>>

/** The first object of a level for which something holds. */
function first(
  { platform }: Connection,
  level: Level,
  holds: (row: Readonly<Record<string, unknown>>) => boolean,
) {
  const { entities } = platform
  const node = entities.accounts
    .flatMap(account => entities.of(account.id, level))
    .find(one => !entities.isDeleted(one) && holds(entities.row(one)))
  return { id: node!.id, row: () => entities.row(node!) }
}

const hasBudget = (row: Readonly<Record<string, unknown>>) => row.budget_mode === 'BUDGET_MODE_DAY'
const USD = { currency: 'USD' }

t.test('a campaign, an ad group and an ad are paused and resumed, read back each time', async t => {
  const connection = await connected(t)
  for (const [level, theirs] of [
    ['campaign', 'campaign'],
    ['adset', 'adgroup'],
    ['ad', 'ad'],
  ] as const) {
    const { id, row } = first(connection, theirs, one => one.operation_status === 'ENABLE')
    const paused = await connection.act('setStatus', { level, id, status: 'PAUSED' })
    t.match(paused, {
      before: { operation_status: 'ENABLE' },
      after: { operation_status: 'DISABLE' },
      written: true,
      confirmed: true,
    })
    t.equal(row().operation_status, 'DISABLE')
    t.match(await connection.act('setStatus', { level, id, status: 'PAUSED' }), {
      written: false,
      confirmed: true,
    })
    t.match(await connection.act('setStatus', { level, id, status: 'ACTIVE' }), { confirmed: true })
    t.equal(row().operation_status, 'ENABLE')
  }
  t.equal(connection.platform.changes.all.length, 6)
})

t.test('a write is read only after a while: it is waited for', async t => {
  // The platform's clock goes on while the action waits.
  const begun = performance.now()
  const now = () => NOW + Math.round((performance.now() - begun) * 1000)
  const connection = await connected(t, { readDelayMs: 150, now })
  const { id } = first(connection, 'campaign', hasBudget)
  const outcome = await connection.act('setBudget', {
    level: 'campaign',
    id,
    budget_micros: 123_450_000,
    ...USD,
  })
  t.match(outcome, { after: { budget_micros: 123_450_000 }, written: true, confirmed: true })
})

t.test('a budget is set where it is: at the campaign or at the ad group', async t => {
  const connection = await connected(t)
  const campaign = first(connection, 'campaign', hasBudget)
  const adset = first(connection, 'adgroup', hasBudget)
  for (const [level, { id, row }] of [
    ['campaign', campaign],
    ['adset', adset],
  ] as const) {
    const outcome = await connection.act('setBudget', { level, id, budget_micros: 75_990_000, ...USD })
    t.match(outcome, {
      wanted: { budget_micros: 75_990_000 },
      after: { budget_micros: 75_990_000 },
      confirmed: true,
    })
    t.equal(row().budget, 75.99)
  }
  const without = first(connection, 'campaign', row => !hasBudget(row))
  const asked = { level: 'campaign', id: without.id, budget_micros: 75_000_000, ...USD }
  t.match(await failure(connection.act('setBudget', asked)), {
    kind: 'config',
    message: /its ad groups have/,
  })
})

t.test('budgets that may not be are refused', async t => {
  const connection = await connected(t)
  const { id } = first(connection, 'campaign', hasBudget)
  const set = (over: object) =>
    failure(
      connection.act('setBudget', { level: 'campaign', id, budget_micros: 60_000_000, ...USD, ...over }),
    )
  t.match(await set({ currency: 'EUR' }), {
    kind: 'config',
    message: "/currency: is EUR, and the account's is USD",
  })
  t.match(await set({ budget_micros: 60_001_000 }), {
    kind: 'config',
    message: /no whole number of its minor unit/,
  })
  t.match(await set({ budget_micros: 10_000_000 }), {
    kind: 'fatal',
    message: /40002 budget: must be at least 50/,
  })
  t.match(await set({ id: '1' }), { kind: 'fatal', message: 'there is no campaign 1 at 56007' })
  t.equal(connection.platform.changes.all.length, 0)
})

t.test('in the last five minutes of the account’s day budgets wait for the next', async t => {
  const connection = await connected(t)
  const { id } = first(connection, 'campaign', hasBudget)
  const set = () => connection.act('setBudget', { level: 'campaign', id, budget_micros: 60_000_000, ...USD })
  // 23:56 in New York.
  connection.clock.now = at('2026-03-21T03:56:00Z')
  t.match(await failure(set()), { kind: 'retryable', retryAfterMs: 240_000, message: /locks budgets/ })
  connection.clock.now = at('2026-03-21T04:00:00Z')
  t.match(await set(), { confirmed: true })
})

t.test('a bid goes where the ad group’s is: by conversion or by click', async t => {
  const connection = await connected(t, { world: small({ campaigns: 8, adsets: 4 }) })
  for (const [billing, field] of [
    ['OCPM', 'conversion_bid_price'],
    ['CPC', 'bid_price'],
  ] as const) {
    const { id, row } = first(
      connection,
      'adgroup',
      one => one.billing_event === billing && one.bid_type === 'BID_TYPE_CUSTOM',
    )
    const outcome = await connection.act('setBid', { id, bid_micros: 1_370_000, ...USD })
    t.match(outcome, { after: { field, bid_micros: 1_370_000 }, confirmed: true }, billing)
    t.equal(row()[field], 1.37)
  }
  const { id } = first(connection, 'adgroup', one => one.bid_type === 'BID_TYPE_NO_BID')
  t.match(await failure(connection.act('setBid', { id, bid_micros: 1_370_000, ...USD })), {
    kind: 'config',
    message: /bids by BID_TYPE_NO_BID: there is no amount to set/,
  })
})

t.test('an object is found at whichever advertiser it is', async t => {
  const connection = await connected(t, { world: twoAdvertisers() })
  const { id } = first(connection, 'campaign', row => row.advertiser_id === '56008' && hasBudget(row))
  const set = (budget_micros: number) =>
    connection.act('setBudget', { level: 'campaign', id, budget_micros, currency: 'JPY' })
  t.match(await set(4_500_000_000), { after: { advertiser_id: '56008', budget_micros: 4_500_000_000 } })
  t.match(await failure(set(4_500_500_000)), { kind: 'config', message: /4500.5 JPY is no whole number/ })
})

t.test('what was deleted is not resumed', async t => {
  const connection = await connected(t)
  const { entities } = connection.platform
  const gone = entities.of('56007', 'ad').find(node => entities.isDeleted(node))!
  const resume = { level: 'ad', id: gone.id, status: 'ACTIVE' }
  t.match(await failure(connection.act('setStatus', resume)), { kind: 'fatal', message: /was deleted/ })
})

t.test('a conflict of writes is tried again, a missing right is told', async t => {
  const connection = await connected(t)
  const { id } = first(connection, 'campaign', one => one.operation_status === 'ENABLE')
  const { faults } = connection.platform
  const { refusal } = faults
  const refusing = (call: number, code: number) => {
    let asked = 0
    faults.refusal = () => (++asked === call ? { code, message: 'ordered' } : refusal.call(faults))
  }
  const pause = () => connection.act('setStatus', { level: 'campaign', id, status: 'PAUSED' })
  // advertiser/info/, campaign/get/, then the write.
  refusing(3, 40001)
  t.match(await failure(pause()), { kind: 'auth', lack: 'permission' })
  refusing(3, 40202)
  t.match(await pause(), { written: true, confirmed: true })
})
