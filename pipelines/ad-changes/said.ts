import { AdChangeRecord } from '../../plugins/records/ad-change.ts'
import { factKind, revisedKind, type Said } from '../current/said.ts'
import { current } from '../current/stage.ts'

/** Changes that somebody made on an ad platform, from its change history: ours and those of others. */
export const adChange: Said<AdChangeRecord> = {
  kind: 'ad_change',
  record: AdChangeRecord,
  key: ['platform', 'account_id', 'change_id'],
  asOf: 'changed_at',
}

export const adChangeKind = factKind(adChange)
export const adChangesKind = revisedKind('ad_changes', adChange)

export const adChanges = current({
  name: 'ad-changes',
  said: adChange,
  topic: 'entities',
  kindOf: () => adChangesKind,
})
