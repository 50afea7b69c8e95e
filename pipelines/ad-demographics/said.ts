import { AdDemographicRecord } from '../../plugins/records/ad-demographic.ts'
import { factKind, revisedKind, type Said } from '../current/said.ts'
import { current } from '../current/stage.ts'

/** What platforms report of a campaign and day by groups of people. */
export const adDemographic: Said<AdDemographicRecord> = {
  kind: 'ad_demographic',
  record: AdDemographicRecord,
  key: ['platform', 'account_id', 'campaign_id', 'date', 'age', 'gender', 'country'],
  asOf: 'as_of',
  day: 'date',
  currency: 'currency',
}

export const adDemographicKind = factKind(adDemographic)
export const adDemographicsKind = revisedKind('ad_demographics', adDemographic)

export const adDemographics = current({
  name: 'ad-demographics',
  said: adDemographic,
  topic: 'metrics',
  kindOf: () => adDemographicsKind,
})
