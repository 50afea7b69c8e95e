import type { Connected } from '../../plugins/contract.ts'
import type { GoogleAds } from './api/client.ts'
import type { Settings } from './settings.ts'

/** What every function of the connector gets. */
export type Context = Connected<Settings, GoogleAds>
