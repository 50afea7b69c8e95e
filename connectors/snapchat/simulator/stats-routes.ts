import type { FastifyInstance, FastifyRequest } from 'fastify'
import { startOfDay } from '../../../plugins/sync/index.ts'
import { idOf } from './account-tree.ts'
import { type Entry, fine, pageOf, wrapped } from './envelope.ts'
import { HOUR_US } from './figures.ts'
import type { SnapchatPlatform } from './platform.ts'
import { isSeries } from './stats.ts'
import { statsRequest } from './stats-request.ts'

type StatsQuery = { Params: { id: string }; Querystring: Record<string, string | undefined> }

export function statsRoutes(app: FastifyInstance, platform: SnapchatPlatform): void {
  for (const level of ['adaccounts', 'campaigns', 'adsquads', 'ads'])
    app.get<StatsQuery>(`/v1/${level}/:id/stats`, request => statsOf(platform, level, request))
}

function statsOf(platform: SnapchatPlatform, level: string, request: FastifyRequest<StatsQuery>) {
  const { faults, options, stats } = platform
  const node = platform.node(level, request.params.id)
  const start = startOfDay(options.world.firstDay, node.account.zone)
  const end = platform.asOf() - (platform.asOf() % HOUR_US)
  const asked = statsRequest(request.query, node, { start, end })
  const [list, item] = isSeries(asked.granularity)
    ? ['timeseries_stats', 'timeseries_stat']
    : ['total_stats', 'total_stat']
  if (faults.refused.has(idOf(node))) {
    const refused: Entry = {
      ok: false,
      value: { id: idOf(node) },
      code: 'E2000',
      reason: 'no statistics now',
    }
    return wrapped(list!, item!, [refused])
  }
  const parts = faults.empty ? [] : stats.parts(node, asked)
  const { page, next } = pageOf(request, parts, options.statsPage ?? 1000, faults.repeated)
  const stat = stats.stat(node, page, asked, platform.finalUntil(node), row => faults.drifted(row))
  return wrapped(list!, item!, [fine(stat)], next)
}
