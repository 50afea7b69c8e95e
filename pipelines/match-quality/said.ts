import { MatchQualityRecord } from '../../plugins/records/match-quality.ts'
import { factKind, revisedKind, type Said } from '../current/said.ts'
import { current } from '../current/stage.ts'

/** What a platform says of the events it was sent, by pixel and event name. */
export const matchQuality: Said<MatchQualityRecord> = {
  kind: 'match_quality',
  record: MatchQualityRecord,
  key: ['platform', 'account_id', 'pixel_id', 'event_name'],
  asOf: 'as_of',
}

export const matchQualityKind = factKind(matchQuality)
export const matchQualitiesKind = revisedKind('match_qualities', matchQuality)

export const matchQualities = current({
  name: 'match-quality',
  said: matchQuality,
  topic: 'metrics',
  kindOf: () => matchQualitiesKind,
})
