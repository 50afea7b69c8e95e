import { connector } from '../../plugins/contract.ts'
import { setBid } from './actions/set-bid.ts'
import { setBudget } from './actions/set-budget.ts'
import { setStatus } from './actions/set-status.ts'
import { Meta } from './api/client.ts'
import { check } from './check.ts'
import { accountIds, checkSettings, Settings } from './settings.ts'
import { changes } from './streams/changes.ts'
import { adDemographics } from './streams/demographics.ts'
import { accounts, ads, adsets, campaigns } from './streams/entity-streams.ts'
import { matchQuality } from './streams/quality.ts'
import { adReports } from './streams/reports.ts'

const STREAMS = {
  accounts,
  campaigns,
  adsets,
  ads,
  ad_reports: adReports,
  ad_demographics: adDemographics,
  match_quality: matchQuality,
  changes,
}

const meta = connector({
  id: 'meta',
  title: 'Meta Ads',
  version: '1.0.0',
  config: Settings,
  client(context) {
    checkSettings(context.config)
    return new Meta(context)
  },
  check,
  streams: STREAMS,
  async discover({ config }) {
    const names = Object.keys(STREAMS)
    return config.pixel_ids?.length ? names : names.filter(name => name !== 'match_quality')
  },
  accounts: accountIds,
  platform: 'meta',
  actions: { setStatus, setBudget, setBid },
  trial: () => import('./simulator/trial.ts'),
})

export default meta
