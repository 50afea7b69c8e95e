import { connector, type StreamContext, stream } from '../../plugins/contract.ts'
import { AdReportRecord } from '../../plugins/records/ad-report.ts'
import { EventRecord } from '../../plugins/records/event.ts'
import { readShopEvents, readShopReports, type ShopState } from './read.ts'
import { checkSettings, Settings } from './settings.ts'
import { realTime, type ShopTime } from './time.ts'

/** A simulated shop with its ads: what `stratum start --demo` shows. */
export const makeShop = (time: ShopTime) =>
  connector({
    id: 'shop',
    title: 'Simulated shop (for demos and tests)',
    version: '1.0.0',
    config: Settings,
    async check({ config }) {
      checkSettings(config)
    },
    streams: {
      events: stream({
        title: 'What visitors do',
        kind: 'event',
        schema: EventRecord,
        primaryKey: ['event_key'],
        cursorField: 'event_time',
        read: (context: StreamContext<Settings, ShopState>) => readShopEvents(time, context),
      }),
      ad_reports: stream({
        title: 'What platforms report of ads',
        kind: 'ad_report',
        schema: AdReportRecord,
        primaryKey: ['platform', 'account_id', 'campaign_id', 'adset_id', 'ad_id', 'date', 'as_of'],
        cursorField: 'as_of',
        read: (context: StreamContext<Settings, ShopState>) => readShopReports(time, context),
      }),
    },
  })

export default makeShop(realTime)
