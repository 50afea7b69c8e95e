import { deterministicId } from '../../../engine/codec/ids.ts'
import { settingsKind } from '../../settings/kinds.ts'
import type { Subject } from '../../settings/stage.ts'
import { checkJourneySettings } from './check.ts'

export const JOURNEYS = 'journeys'

/** How journeys are cut and credited: told to every partition of people, which sends it on to every one of journeys. */
export const journeySettings: Subject = {
  name: JOURNEYS,
  check: settings => checkJourneySettings(settings).problems.map(problem => problem.text),
  tell({ version, text }, { tenant_id, event_id, event_time, ingest_time, actor, reason }, ctx) {
    ctx.emitToAll('persons', settingsKind, {
      tenant_id,
      event_id: deterministicId(tenant_id, JOURNEYS, 'settings', version),
      event_time,
      ingest_time,
      subject: JOURNEYS,
      version,
      settings: text,
      actor,
      reason,
      command_id: event_id,
    })
  },
}
