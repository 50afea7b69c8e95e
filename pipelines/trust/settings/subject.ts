import { deterministicId } from '../../../engine/codec/ids.ts'
import type { Subject } from '../../settings/stage.ts'
import { PLATFORMS } from '../../signals/platform.ts'
import { trustSettingsSetKind } from '../handed.ts'
import { checkTrustSettings } from './check.ts'

/** Thresholds, weights and windows of the trust engine, as a tenant sets them. */
export const trustSettings: Subject = {
  name: 'trust',
  check: settings => checkTrustSettings(settings).problems.map(problem => problem.text),
  tell({ version, text }, { tenant_id, event_id, event_time, ingest_time }, ctx) {
    for (const platform of PLATFORMS)
      ctx.hand(trustSettingsSetKind, {
        tenant_id,
        event_id: deterministicId(tenant_id, platform, 'trust settings', event_id),
        event_time,
        ingest_time,
        platform,
        version,
        text,
      })
  },
}
