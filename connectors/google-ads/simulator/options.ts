import type { PlatformTime } from '../../../plugins/simulator/server.ts'
import type { AdCampaign, AdWorld } from '../../../plugins/simulator/world/port.ts'

export interface GoogleAdsOptions {
  readonly world: AdWorld
  /** The platform's clock; UTC microseconds. */
  readonly now: () => number
  /** The time as of which figures are told, when it is another: history is restated when it moves on. */
  readonly asOf?: () => number
  /** Seconds an access token lives (3600). */
  readonly lifeSeconds?: number
  /** From a write until it is read. Milliseconds (0). */
  readonly delayMs?: number
  /** From a write until the change history tells it. Milliseconds (180,000). */
  readonly changeDelayMs?: number
  /** Operations a day (15,000); null: as many as there are. */
  readonly operations?: number | null
  /** Operations a second (none); over it is RESOURCE_TEMPORARILY_EXHAUSTED. */
  readonly perSecond?: number
  /** Rows of a page; and of a chunk of searchStream (10,000). */
  readonly pageRows?: number
  /** The user reaches the accounts through a manager account (true); else directly. */
  readonly throughManager?: boolean
  /** So many campaigns of an account, the last ones, share one budget (0). */
  readonly sharedBudgets?: number
  /** Campaigns without ad groups and ads (none). */
  readonly isPerformanceMax?: (campaign: AdCampaign, index: number) => boolean
  /** How many changes the history holds from before: a share of campaigns and days (0.05). */
  readonly changeShare?: number
  /** The time that limits are kept by. */
  readonly time?: PlatformTime
  readonly port?: number
}
