import { hash } from 'node:crypto'
import { startGoogleAds } from '../../../connectors/google-ads/simulator/index.ts'
import { ledgerOf as googleLedger } from '../../../connectors/google-ads/simulator/ledger.ts'
import { stageOf } from '../../../connectors/hubspot/simulator/history.ts'
import { HubspotSimulator } from '../../../connectors/hubspot/simulator/index.ts'
import { MetaSimulator } from '../../../connectors/meta/simulator/index.ts'
import { startSnapchat } from '../../../connectors/snapchat/simulator/index.ts'
import { ledgerOf as snapchatLedger } from '../../../connectors/snapchat/simulator/ledger.ts'
import { startTikTok } from '../../../connectors/tiktok/simulator/server.ts'
import { addressPseudonym } from '../../../engine/source/raw.ts'
import { plainWorld } from '../../../plugins/simulator/world/plain.ts'
import { plainCrm } from '../../../plugins/simulator/world/plain-crm.ts'
import { addDays, dayIn } from '../../../plugins/sync/index.ts'
import { groupsOf, objectsOf, type Rows } from './world-rows.ts'

/** A simulated platform that is read, and what it holds. */
export interface Owing {
  readonly config: Readonly<Record<string, unknown>>
  /** Paths of requests of data: not those of tokens, nor of what a token may do. */
  readonly data: RegExp
  /** What tables are to hold of it, by its own ledger, at the time it is now. */
  owed(): Readonly<Record<string, readonly object[]>>
  /** Access tokens end now. */
  expire(): void
  /** Where nothing renews them: somebody connects again, which gives these settings. */
  again?(): Readonly<Record<string, unknown>>
  /** What time alone does not do to what it holds. */
  restate?(): void
  close(): Promise<void>
}

const ZONE = 'America/New_York'
const DAYS = 20
const DAY_US = 86_400_000_000
/** More than there are: what is the oldest stays in what is read while days go by. */
const HISTORY = { history_days: 45 }
const CRM_DAYS = 90

/** Five platforms on one clock (UTC microseconds): as it goes on, days of the past are restated and tokens end. */
export async function platforms(seed: number, now: () => number): Promise<Map<string, Owing>> {
  const firstDay = addDays(dayIn(ZONE, now()), -DAYS)
  const world = plainWorld({ seed, firstDay, zone: ZONE, campaigns: 5 })
  const today = () => dayIn(ZONE, now())

  const google = await startGoogleAds({ world, now, operations: null, pageRows: 60 })
  const meta = await MetaSimulator.start({
    ...{ world, now, writeDelayMs: 0, mostRows: 25 },
    jobs: { unseenMs: 0, readyMs: 10 },
  })
  const snapchat = await startSnapchat({ world, now, limited: false, maxPage: 3, statsPage: 2 })
  const tiktok = await startTikTok({ world, now, pageRows: 25 })
  const begins = now() - CRM_DAYS * DAY_US
  const crm = plainCrm({ seed, begins, people: 800, deals: 600, others: ['EUR', 'JPY', 'KWD'] })
  const hubspot = await HubspotSimulator.start({ world: crm, now, limits: null, indexLagMs: 0 })
  let restated = 0
  const days = () => ({ from: firstDay, to: today() })

  return new Map<string, Owing>([
    [
      'google-ads',
      {
        config: {
          ...{ ...google.config, ...HISTORY },
          ...{ access_level: 'standard', conversion_window_days: 30 },
        },
        data: /googleAds:search/,
        owed: () => ({
          ad_metrics_daily: googleLedger({ world }, firstDay, today(), now()),
          ad_demographics_daily: groupsOf(world, 'google', days(), now()),
          ...objectsOf(world, 'google'),
        }),
        expire: () => google.platform.tokens.expireAll(),
        close: () => google.close(),
      },
    ],
    [
      'meta',
      {
        config: { ...meta.config(), ...HISTORY },
        data: /\/(insights|campaigns|adsets|ads|activities)\b/,
        owed: () => {
          const account_id = meta.store.accounts[0]!.id
          const entities = meta.ledger.entities()
          const of = (wanted: string) =>
            entities.flatMap(({ level, ...row }) => (level === wanted ? [{ ...row, account_id }] : []))
          return {
            ad_metrics_daily: meta.ledger.adReports(days()),
            ad_demographics_daily: meta.ledger.demographics(days()),
            ad_accounts: objectsOf(world, 'meta').ad_accounts!,
            campaigns: of('campaign').map(({ adset_id: _, ad_id: __, ...row }) => row),
            ad_sets: of('adset').map(({ ad_id: _, ...row }) => row),
            ads: of('ad'),
          }
        },
        expire: () => meta.tokens.expireAll(),
        again: () => ({ access_token: meta.tokens.issue(['ads_read', 'ads_management']) }),
        close: () => meta.close(),
      },
    ],
    [
      'snapchat',
      {
        config: {
          ...{ ...snapchat.config, ...HISTORY },
          ...{ swipe_up_attribution_window: '28_DAY', view_attribution_window: '1_DAY' },
        },
        data: /\/(campaigns|adsquads|ads|stats)\b/,
        owed: () => ({
          ad_metrics_daily: snapchatLedger(world, firstDay, today(), now()),
          ...objectsOf(world, 'snapchat'),
        }),
        expire: () => snapchat.platform.tokens.expireAll(),
        close: () => snapchat.close(),
      },
    ],
    [
      'tiktok',
      {
        config: {
          ...HISTORY,
          access_token: tiktok.platform.token,
          advertiser_ids: tiktok.platform.entities.accounts.map(({ id }) => id),
          app_id: 'app',
          service_tier: 'ultimate',
          base_url: tiktok.baseUrl,
        },
        data: /\/(report|campaign|adgroup|ad)\//,
        owed: () => {
          const { entities } = tiktok.platform
          const born: Readonly<Record<string, string>> = {
            ENABLE: 'ACTIVE',
            DISABLE: 'PAUSED',
            DELETE: 'REMOVED',
          }
          const standing = (rows: Rows, level: string) =>
            rows.map(({ budget_micros: _, ...row }) => {
              const node = entities.node(String(row[`${level}_id`]))!
              return { ...row, status: born[String(entities.row(node).operation_status)] }
            })
          const { ad_accounts, campaigns, ad_sets, ads } = objectsOf(world, 'tiktok')
          return {
            ad_metrics_daily: tiktok.ledger.adDays(firstDay, today()),
            ad_demographics_daily: tiktok.ledger.groupDays(firstDay, today()),
            ad_accounts: ad_accounts!,
            campaigns: standing(campaigns!, 'campaign'),
            ad_sets: standing(ad_sets!, 'adset'),
            ads: standing(ads!, 'ad'),
          }
        },
        expire: () => {
          tiktok.platform.faults.isExpired = true
        },
        again: () => ({ access_token: tiktok.platform.connectAgain() }),
        close: () => tiktok.close(),
      },
    ],
    [
      'hubspot',
      {
        config: { ...hubspot.config(), click_ids: { ttclid: 'tiktok_click_id' } },
        data: /\/crm\//,
        owed: () => {
          const alias = (value: string | null, as: 'email' | 'phone') =>
            value && addressPseudonym('acme', as, hash('sha256', value, 'hex'))
          const { ledger } = hubspot.catchUp()
          return {
            contacts: ledger
              .contacts()
              .map(row => ({ ...row, email: alias(row.email, 'email'), phone: alias(row.phone, 'phone') })),
            deals: ledger.deals(),
            // A stage read earlier keeps the time at which it was read.
            deal_stages: ledger.dealStages().map(({ as_of: _, ...row }) => row),
          }
        },
        expire: () => hubspot.issuer.expireAll(),
        restate() {
          const { store } = hubspot.catchUp()
          const at = now() / 1000
          // What is told again with nothing new is no revision.
          restated++
          for (const { id } of [...store.all('deals')].slice(0, 40))
            store.update('deals', id, { ...stageOf('won'), amount: `${4711 + restated}.5` }, at)
          for (const { id } of [...store.all('contacts')].slice(0, 40))
            store.update('contacts', id, { hubspot_owner_id: String(7001 + (restated % 4)) }, at)
        },
        close: () => hubspot.close(),
      },
    ],
  ])
}
