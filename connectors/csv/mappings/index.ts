import type { Mapping } from '../mapping.ts'
import { generic } from './generic.ts'
import { googleAds } from './google-ads.ts'
import { kag } from './kag.ts'

/** The ready mappings, by the name a setting calls them. */
export const READY: Readonly<Record<string, Mapping>> = { generic, 'google-ads': googleAds, kag }
