import { connector } from '../../plugins/contract.ts'
import { setBid } from './actions/set-bid.ts'
import { setBudget } from './actions/set-budget.ts'
import { setStatus } from './actions/set-status.ts'
import { tiktok } from './api/client.ts'
import { check } from './check.ts'
import { Settings } from './settings.ts'
import { accounts, ads, adsets, campaigns } from './streams/entity-streams.ts'
import { adDemographics, adReports } from './streams/reports.ts'

/** Apart: TypeScript 5.9 leaves the `.ts` of an import within `export default` as it is. */
const trial = () => import('./simulator/trial.ts')

export default connector({
  id: 'tiktok',
  title: 'TikTok Ads',
  version: '1.0.0',
  config: Settings,
  client: tiktok,
  check,
  accounts: config => config.advertiser_ids,
  streams: {
    accounts,
    campaigns,
    adsets,
    ads,
    ad_reports: adReports,
    ad_demographics: adDemographics,
  },
  platform: 'tiktok',
  actions: { setStatus, setBudget, setBid },
  trial,
})
