import type { PlatformTime } from '../../../plugins/simulator/server.ts'
import type { AdWorld } from '../../../plugins/simulator/world/port.ts'

export interface SnapchatOptions {
  readonly world: AdWorld
  /** The platform's clock; UTC microseconds. */
  readonly now: () => number
  /** The time as of which figures are told, when it is another: history is restated when it moves on. */
  readonly asOf?: () => number
  /** Seconds an access token lives (3600). */
  readonly lifeSeconds?: number
  /** A refresh token is dead once it was used (false). */
  readonly rotates?: boolean
  /** From a write until it is read. Milliseconds (0). */
  readonly delayMs?: number
  /** 20 requests a second for the app, 10 for a token (true). */
  readonly limited?: boolean
  /** Rows of a page at most, whatever is asked for (1000). */
  readonly maxPage?: number
  /** Parts of a breakdown on a page (1000). */
  readonly statsPage?: number
  /** Days behind today whose delivery is still not final (2). */
  readonly openDays?: number
  /** The time that limits are kept by. */
  readonly time?: PlatformTime
  readonly port?: number
}
