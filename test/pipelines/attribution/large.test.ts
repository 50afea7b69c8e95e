import t from 'tap'
import { chainOf } from '../../../pipelines/attribution/model/markov/chain.ts'
import { throughByElimination } from '../../../pipelines/attribution/model/markov/eliminate.ts'
import { markovOf } from '../../../pipelines/attribution/model/markov/fit.ts'
import { outcomeOf, throughByIteration } from '../../../pipelines/attribution/model/markov/iterate.ts'
import { holders } from '../../../pipelines/attribution/model/markov/removal.ts'
import { sharesOf } from '../../../pipelines/attribution/model/markov/shares.ts'
import { type PathRow, pathsOf } from '../../../pipelines/attribution/model/paths.ts'
import { chance } from '../../../plugins/simulator/random.ts'
import { near } from './support/near.ts'
import { sum } from './support/paths.ts'

function randomRows(seed: number, rows: number, channels: number, touches: number): PathRow[] {
  const random = chance(seed, 'paths')
  return Array.from({ length: rows }, () => {
    const conversions = random.between(0, 3)
    return {
      path: Array.from({ length: random.between(1, touches) }, () => `c${random.between(1, channels)}`),
      conversions,
      value: conversions * random.between(1, 900),
      nulls: random.between(0, 9),
    }
  })
}

t.test('iteration and elimination agree to 12 digits, small channels included', async t => {
  for (const order of [1, 2, 3]) {
    const paths = pathsOf([
      ...randomRows(order, 200, 6, 8),
      { path: ['rare', 'c1'], conversions: 1, value: 2, nulls: 999_999 },
    ])
    const chain = chainOf(paths, order, true)
    const shares = sharesOf(chain)
    const conversions = paths.totals.conversions / (paths.totals.conversions + paths.totals.nulls!)
    const scale = { conversions, value: (conversions * paths.totals.value!) / paths.totals.conversions }
    const outcome = outcomeOf(shares, scale, 10_000)!
    const all = paths.channels.map((_, i) => i)
    const exact = throughByElimination(shares, all, (state, channel) =>
      chain.states[state]!.includes(channel),
    )
    for (const [channel, states] of holders(chain).entries()) {
      const isOf = new Uint8Array(shares.states)
      for (const state of states) isOf[state] = 1
      const found = throughByIteration(shares, outcome, isOf, scale, 10_000)!
      const wanted = exact.get(channel)!
      for (const of of ['conversions', 'value'] as const)
        near(t, found[of] / wanted[of], 1, `${order} ${paths.channels[channel]} ${of}`, 1e-12)
    }
  }
})

t.test('an iteration that has not come to its end says so', async t => {
  const chain = chainOf(pathsOf(randomRows(1, 50, 4, 8)), 1, true)
  t.equal(outcomeOf(sharesOf(chain), { conversions: 0.2, value: 1 }, 3), null)
})

t.test('10,000 channels', async t => {
  const rows = Array.from({ length: 10_000 }, (_, i): PathRow => {
    const path = i % 10 === 0 ? [`c${i}`, `c${(i + 5) % 10_000}`] : [`c${i}`]
    return { path, conversions: 1, value: 2, nulls: 1 }
  })
  const { channels } = markovOf(pathsOf(rows))
  t.equal(channels.length, 10_000)
  near(t, sum(channels.map(c => c.conversions)), 10_000)
  near(t, sum(channels.map(c => c.value!)), 20_000)
})

t.test('a journey of 100,000 touches', async t => {
  const random = chance(7, 'long')
  const path = Array.from({ length: 100_000 }, () => `c${random.between(1, 12)}`)
  const long: PathRow = { path, conversions: 1, value: 5, nulls: 0 }
  const alone = markovOf(pathsOf([long]))
  near(t, sum(alone.channels.map(c => c.conversions)), 1)
  t.ok(
    alone.channels.every(c => c.removalEffect! > 0.99 && c.removalEffect! <= 1),
    'hardly a way past any channel',
  )
  const among = pathsOf([long, ...randomRows(3, 5_000, 12, 6)])
  const { channels } = markovOf(among, { order: 3 })
  near(t, sum(channels.map(c => c.conversions)), among.totals.conversions)
})

t.test('what cannot be solved exactly in a reasonable time is refused with what to do', async t => {
  // Among thousands of states one journey goes on and on: too many to eliminate, too slow to iterate.
  const random = chance(5, 'long')
  const path = Array.from({ length: 60_000 }, () => `c${random.between(1, 9)}`)
  t.throws(
    () => markovOf(pathsOf([{ path, conversions: 1, value: 1, nulls: 0 }]), { order: 4 }),
    /states of 9 channels.*choose a lower order/,
  )
})
