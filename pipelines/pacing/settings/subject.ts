import { addDays } from '../../../engine/clock/days.ts'
import { deterministicId } from '../../../engine/codec/ids.ts'
import { scopePacedKind } from '../../forecast/handed.ts'
import type { Subject } from '../../settings/stage.ts'
import { targetsSetKind } from '../handed.ts'
import { LOOKED_AT_DAYS } from '../model/target.ts'
import { checkTargets, targetsOf } from './check.ts'

/** What a tenant wants to reach: by name, each with a metric, a value and a period. */
export const targetsSubject: Subject = {
  name: 'targets',
  permission: 'targets.set',
  check: settings => checkTargets(settings).problems,
  tell({ version, text }, { tenant_id, event_id, event_time, ingest_time, actor }, ctx) {
    const base = { tenant_id, event_time, ingest_time }
    const id = (what: string) => deterministicId(tenant_id, 'targets', what, event_id)
    ctx.hand(targetsSetKind, { ...base, event_id: id('set'), version, text, actor })
    for (const target of targetsOf(text)) {
      const until = Date.parse(`${addDays(target.target.end, LOOKED_AT_DAYS)}T00:00:00Z`) * 1000
      ctx.hand(scopePacedKind, { ...base, event_id: id(target.id), scope: target.scope, until })
    }
  },
}
