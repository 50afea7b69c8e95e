import { AdEntityRecord } from '../../plugins/records/ad-entity.ts'
import { type Fact, factKind, revisedKind, type Said } from '../current/said.ts'
import { current } from '../current/stage.ts'

/** Accounts, campaigns, ad sets and ads as their platforms say they stand. */
export const adEntity: Said<AdEntityRecord> = {
  kind: 'ad_entity',
  record: AdEntityRecord,
  key: ['platform', 'level', 'account_id', 'campaign_id', 'adset_id', 'ad_id'],
  asOf: 'as_of',
  currency: 'currency',
}

export const adEntityKind = factKind(adEntity)

/** One kind a level: each fills a table of its own. */
export const levelKinds = {
  account: revisedKind('ad_account', adEntity),
  campaign: revisedKind('campaign', adEntity),
  adset: revisedKind('ad_set', adEntity),
  ad: revisedKind('ad', adEntity),
}

export const adEntities = current({
  name: 'ad-entities',
  said: adEntity,
  topic: 'entities',
  kindOf: (fact: Fact<AdEntityRecord>) => levelKinds[fact.level as keyof typeof levelKinds],
})
