import { GA4Simulator } from '../connectors/ga4/simulator/index.ts'
import { startGoogleAds } from '../connectors/google-ads/simulator/index.ts'
import { HubspotSimulator } from '../connectors/hubspot/simulator/index.ts'
import { MetaSimulator } from '../connectors/meta/simulator/index.ts'
import { startSnapchat } from '../connectors/snapchat/simulator/index.ts'
import { startTikTok } from '../connectors/tiktok/simulator/server.ts'
import type { DemoConnection } from '../engine/runtime/demo.ts'
import type { Truth } from '../plugins/simulator/world/truth/index.ts'
import { HISTORY_DAYS } from './kept.ts'

/** A simulated platform that listens on this machine, and the connection that reads it. */
export interface DemoPlatform {
  readonly connection: DemoConnection
  close(): Promise<void>
}

export interface DemoWorld {
  readonly world: Truth
  /** UTC microseconds. */
  readonly now: () => number
  /** Of the people who may become contacts: the CRM is made with them. */
  readonly lastDay: string
}

type StartPlatform = (demo: DemoWorld) => Promise<DemoPlatform>

/** Ads are told again for all days that may still be restated, and cost a thread each time. */
const ADS = 'every 10m'
const history_days = HISTORY_DAYS

const ga4: StartPlatform = async ({ world, now }) => {
  const simulator = await GA4Simulator.start({ world: world.site, now })
  return {
    connection: { name: 'ga4', source: 'ga4', config: simulator.config(), schedule: 'every 30s' },
    close: () => simulator.close(),
  }
}

const meta: StartPlatform = async ({ world, now }) => {
  const simulator = await MetaSimulator.start({ world: world.ads, now })
  const config = { ...simulator.config(), history_days }
  return {
    connection: { name: 'meta', source: 'meta', config, schedule: ADS },
    close: () => simulator.close(),
  }
}

const googleAds: StartPlatform = async ({ world, now }) => {
  const { config, close } = await startGoogleAds({ world: world.ads, now, operations: null, changeShare: 0 })
  return {
    connection: {
      ...{ name: 'google-ads', source: 'google-ads', schedule: ADS },
      config: { ...config, history_days, access_level: 'standard' },
    },
    close,
  }
}

const tiktok: StartPlatform = async ({ world, now }) => {
  const token = `token-of-the-demo-${world.options.seed}`
  const { baseUrl, platform, close } = await startTikTok({ world: world.ads, now, token, deleted: 0 })
  const config = {
    access_token: token,
    advertiser_ids: platform.entities.accounts.map(account => account.id),
    app_id: 'demo',
    service_tier: 'premium',
    history_days,
    base_url: baseUrl,
  }
  return { connection: { name: 'tiktok', source: 'tiktok', config, schedule: ADS }, close }
}

const snapchat: StartPlatform = async ({ world, now }) => {
  const { config, close } = await startSnapchat({ world: world.ads, now })
  return {
    connection: {
      ...{ name: 'snapchat', source: 'snapchat', schedule: ADS },
      config: { ...config, history_days },
    },
    close,
  }
}

const hubspot: StartPlatform = async ({ world, now, lastDay }) => {
  const simulator = await HubspotSimulator.start({ world: world.crm(lastDay), now })
  return {
    connection: {
      ...{ name: 'hubspot', source: 'hubspot', schedule: 'every 2m' },
      config: simulator.config(),
    },
    close: () => simulator.close(),
  }
}

/** In the order in which they are read at first. */
export const PLATFORMS: readonly StartPlatform[] = [ga4, meta, googleAds, tiktok, snapchat, hubspot]
