import t from 'tap'
import ga4 from '../../../../connectors/ga4/index.ts'
import { GA4Simulator } from '../../../../connectors/ga4/simulator/index.ts'
import { validate } from '../../../../engine/config/index.ts'
import { sourceContext } from '../../../../engine/source/context.ts'
import type { SourceConfig } from '../../../../engine/source/port.ts'
import { plainSite } from '../../../../plugins/simulator/world/plain-site.ts'
import type { SiteWorld } from '../../../../plugins/simulator/world/site.ts'

const FIRST = '2026-04-05'
const NOW = Date.parse('2026-04-15T09:30:00Z') * 1000

/** How often the world was asked for the hits of each day while a stream was read in pages of three rows. */
async function asked(
  t: { teardown(work: () => unknown): void },
  stream: string,
  configOf: (simulator: GA4Simulator) => SourceConfig,
) {
  const site = plainSite({ seed: 7, firstDay: FIRST })
  const times = new Map<string, number>()
  const world: SiteWorld = {
    ...site,
    events(day, asOf) {
      times.set(day, (times.get(day) ?? 0) + 1)
      return site.events(day, asOf)
    },
  }
  const simulator = await GA4Simulator.start({ world, now: () => NOW, pageRows: 3 })
  t.teardown(() => simulator.close())
  const config = validate(ga4.spec, configOf(simulator), 'ga4') as SourceConfig
  let pages = 0
  for await (const _ of ga4.read(stream, { ...sourceContext({ config, clock: () => NOW }), state: null }))
    pages++
  return { times, pages }
}

t.test('the rows of a report were made anew for each of its pages', async t => {
  const { times, pages } = await asked(t, 'web_reports', simulator => simulator.reportConfig())
  t.ok(pages > 10)
  // Today's once more: the property's zone is asked for by a report of it.
  t.same(Object.fromEntries([...times].filter(([, n]) => n > 1)), { '2026-04-15': 2 })
  t.equal(times.size, 11)
})

t.test('the rows of a table were made anew for each of its pages', async t => {
  const { times, pages } = await asked(t, 'events', simulator => simulator.config())
  t.ok(pages > 100)
  t.same(
    [...times.values()].filter(n => n > 1),
    [],
  )
  t.equal(times.size, 11)
})
