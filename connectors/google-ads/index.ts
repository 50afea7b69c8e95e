import { connector } from '../../plugins/contract.ts'
import { setBid } from './actions/set-bid.ts'
import { setBudget } from './actions/set-budget.ts'
import { setStatus } from './actions/set-status.ts'
import { GoogleAds } from './api/client.ts'
import { check } from './check.ts'
import { checkSettings, customerIds, Settings } from './settings.ts'
import { changes } from './streams/changes.ts'
import { adDemographics } from './streams/demographics.ts'
import { accounts, ads, adsets, campaigns } from './streams/entity-streams.ts'
import { matchQuality } from './streams/quality.ts'
import { adReports } from './streams/reports.ts'

// Named first: in an expression that is exported the compiler leaves the paths of `import()` as they are.
const googleAds = connector({
  id: 'google-ads',
  title: 'Google Ads',
  version: '1.0.0',
  config: Settings,
  client(context) {
    checkSettings(context.config)
    return new GoogleAds(context)
  },
  check,
  streams: {
    accounts,
    campaigns,
    adsets,
    ads,
    ad_reports: adReports,
    ad_demographics: adDemographics,
    match_quality: matchQuality,
    changes,
  },
  accounts: customerIds,
  platform: 'google',
  actions: { setStatus, setBudget, setBid },
  trial: () => import('./simulator/trial.ts'),
})

export default googleAds
