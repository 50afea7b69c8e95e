/** The simulated platform of a new folder. */
export const SIMULATOR = `import { chance, serve } from 'stratum/plugins/simulator'
import { addDays, dayIn } from 'stratum/plugins/sync'

/**
 * Stands in for the platform: make it answer as the real one does (its fields, units, pages and errors), and every
 * check is about the real one. All follows from the seed.
 */
const ZONE = 'Europe/Berlin'
const PAGE = 10
const CAMPAIGNS = 4

export default {
  async start({ seed, records = 0, now = Date.UTC(2026, 5, 15, 12) * 1000 }) {
    const token = 'token-' + seed + '-of-the-simulator'
    const world = { empty: false, repeats: false, forbidden: false, restated: false, drift: null }
    const today = dayIn(ZONE, now)
    const campaigns = Math.max(CAMPAIGNS, Math.ceil(records / 30))

    const rowOf = (day, n) => {
      const random = chance(seed, day, n)
      const impressions = random.between(100, 9000)
      const clicks = random.between(0, 90) + (world.restated && day >= addDays(today, -1) ? 1 : 0)
      const cost = random.between(1, 99) + '.' + random.between(10, 99)
      const row = { network: 'meta', campaign: 'c' + n, day, impressions, clicks, cost }
      if (world.drift === 'added') row.views = 7
      if (world.drift === 'retyped' && n === 1) row.clicks = 'many'
      if (world.drift === 'missing' && n === 1) delete row.cost
      return row
    }
    const page = ({ from, to, after }) => {
      const days = []
      for (let day = from; day <= to && day <= today; day = addDays(day, 1)) days.push(day)
      const length = world.empty ? 0 : days.length * campaigns
      const at = Number(after ?? 0)
      const end = Math.min(length, at + (records > 0 ? 1000 : PAGE))
      const data = []
      for (let i = world.repeats ? Math.max(0, at - 2) : at; i < end; i++)
        data.push(rowOf(days[Math.floor(i / campaigns)], (i % campaigns) + 1))
      return { data, next: end < length ? String(end) : null }
    }
    const { url, close } = await serve(app => {
      app.addHook('onRequest', async ({ headers }, reply) => {
        if (headers.authorization !== 'Bearer ' + token) return reply.code(401).send({ error: 'unknown token' })
        if (world.forbidden) return reply.code(403).send({ error: 'reports.read is missing' })
      })
      app.get('/v1/accounts/:id', async ({ params }) => ({ id: params.id, zone: ZONE }))
      app.get('/v1/report', async ({ query }) => page(query))
    })
    return {
      config: { base_url: url + '/v1', account: '1001', token, days: 30 },
      address: { setting: 'base_url' },
      now,
      faults: {
        forbid: () => Object.assign(world, { forbidden: true }),
        repeatRows: () => Object.assign(world, { repeats: true }),
        empty: () => Object.assign(world, { empty: true }),
        drift: kind => Object.assign(world, { drift: kind }),
        restate: () => Object.assign(world, { restated: true }),
      },
      close,
    }
  },
}
`
