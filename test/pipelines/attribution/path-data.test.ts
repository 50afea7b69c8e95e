import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { additiveCredits } from '../../../pipelines/attribution/model/additive.ts'
import { chainOf } from '../../../pipelines/attribution/model/markov/chain.ts'
import { markovOf } from '../../../pipelines/attribution/model/markov/fit.ts'
import { outcomeOf } from '../../../pipelines/attribution/model/markov/iterate.ts'
import { sharesOf } from '../../../pipelines/attribution/model/markov/shares.ts'
import { pathsOf } from '../../../pipelines/attribution/model/paths.ts'
import { conversionRateShapley } from '../../../pipelines/attribution/model/shapley/conversion-rate.ts'
import { readPaths } from '../../../pipelines/attribution/path-file.ts'
import { near } from './support/near.ts'
import { byChannel, sum } from './support/paths.ts'

/** ChannelAttribution's data set. */
const DATA = fileURLToPath(new URL('../../../../../shared/data/attribution/PathData.csv', import.meta.url))
/** Sums of removal effects for orders 1, 2, 3: the definitions written down anew in Python and solved by numpy. */
const NUMPY = [
  [2.0669863499207843, 2.0809894742851043],
  [1.929395099189875, 2.026780586788567],
  [1.8807823093908909, 2.003889188182744],
] as const
const skip = existsSync(DATA) ? false : 'no ../shared/data/attribution'

t.test("ChannelAttribution's 10,000 paths", { skip }, async t => {
  const paths = pathsOf(await readPaths(DATA, new AbortController().signal))
  t.equal(paths.channels.length, 12)
  t.match(paths.totals, { conversions: 19_785, nulls: 68_602 })

  for (const order of [1, 2, 3, 4]) {
    const { channels } = markovOf(paths, { order })
    near(t, sum(channels.map(c => c.conversions)), 19_785, `order ${order}`)
    near(t, sum(channels.map(c => c.value!)), paths.totals.value!, `order ${order}`)
    t.ok(channels.every(c => c.removalEffect! > 0 && c.removalEffect! < 1 && c.removalEffectValue! > 0))
  }

  const shares = sharesOf(chainOf(paths, 1, true))
  const outcome = outcomeOf(shares, { conversions: 1, value: 1 }, 10_000)!
  const converts = sum([...shares.start].map((share, i) => share * outcome.converts[i]!))
  near(t, converts, 0.2238451355968638, 'it follows from the counts', 1e-13)

  for (const [i, [conversions, value]] of NUMPY.entries()) {
    const { channels } = markovOf(paths, { order: i + 1 })
    near(t, sum(channels.map(c => c.removalEffect!)), conversions, `order ${i + 1}, conversions`, 1e-12)
    near(t, sum(channels.map(c => c.removalEffectValue!)), value, `order ${i + 1}, value`, 1e-12)
  }
  const delta = byChannel(markovOf(paths).channels).get('delta')!
  near(t, delta.removalEffect! / 0.00048199575803853, 1, 'a small channel', 1e-12)

  const rates = byChannel(conversionRateShapley(paths))
  t.equal(rates.get('delta')!.conversions.toFixed(6), '-2.545589')
  near(t, sum([...rates.values()].map(c => c.conversions)), 19_785)

  const last = byChannel(additiveCredits(paths, 'last_touch'))
  t.equal(sum([...last.values()].map(c => c.conversions)), 19_785)
})
