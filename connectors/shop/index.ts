import { connector, type StreamContext, stream } from '../../plugins/contract.ts'
import { AdReportRecord } from '../../plugins/records/ad-report.ts'
import { EventRecord } from '../../plugins/records/event.ts'
import { readShopEvents, readShopReports, type ShopState } from './read.ts'
import { checkSettings, Settings } from './settings.ts'
import { type ShopTime, timeBy } from './time.ts'

/** A simulated shop with its ads. @param time null: the harness's */
export const makeShop = (time: ShopTime | null) =>
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
        read: (context: StreamContext<Settings, ShopState>) =>
          readShopEvents(time ?? timeBy(context), context),
      }),
      ad_reports: stream({
        title: 'What platforms report of ads',
        kind: 'ad_report',
        schema: AdReportRecord,
        primaryKey: ['platform', 'account_id', 'campaign_id', 'adset_id', 'ad_id', 'date', 'as_of'],
        cursorField: 'as_of',
        read: (context: StreamContext<Settings, ShopState>) =>
          readShopReports(time ?? timeBy(context), context),
      }),
    },
    trial: () => import('./simulator/trial.ts'),
  })

const shop = makeShop(null)
export default shop
