import csv from './csv/index.ts'
import ga4 from './ga4/index.ts'
import googleAds from './google-ads/index.ts'
import hubspot from './hubspot/index.ts'
import meta from './meta/index.ts'
import salesforce from './salesforce/index.ts'
import shop from './shop/index.ts'
import singer from './singer/index.ts'
import snapchat from './snapchat/index.ts'
import tiktok from './tiktok/index.ts'
import webhook from './webhook/index.ts'

/** Every connector that comes with Stratum: a new one is a line here. */
export const sources = [
  ga4,
  csv,
  googleAds,
  meta,
  tiktok,
  snapchat,
  hubspot,
  webhook,
  singer,
  salesforce,
  shop,
]

/** This file: the thread that reads a connection loads its connector from it. */
export const module = import.meta.url
