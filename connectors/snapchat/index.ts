import { connector } from '../../plugins/contract.ts'
import { setBid } from './actions/set-bid.ts'
import { setBudget } from './actions/set-budget.ts'
import { setStatus } from './actions/set-status.ts'
import { Snapchat } from './api/client.ts'
import { check } from './check.ts'
import { checkSettings, Settings } from './settings.ts'
import { accounts, ads, adsets, campaigns } from './streams/entity-streams.ts'
import { matchQuality } from './streams/quality.ts'
import { adReports } from './streams/reports.ts'

const STREAMS = {
  accounts,
  campaigns,
  adsets,
  ads,
  ad_reports: adReports,
  match_quality: matchQuality,
}

// Named first: in an expression that is exported the compiler leaves the paths of `import()` as they are.
const snapchat = connector({
  id: 'snapchat',
  title: 'Snapchat Ads',
  version: '1.0.0',
  config: Settings,
  client(context) {
    checkSettings(context.config)
    return new Snapchat(context)
  },
  check,
  streams: STREAMS,
  async discover({ config }) {
    const names = Object.keys(STREAMS)
    return config.pixel_ids?.length ? names : names.filter(name => name !== 'match_quality')
  },
  accounts: config => config.ad_account_ids,
  platform: 'snapchat',
  actions: { setStatus, setBudget, setBid },
  trial: () => import('./simulator/trial.ts'),
})

export default snapchat
