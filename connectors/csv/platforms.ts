import type { AdReportRecord } from '../../plugins/records/ad-report.ts'

type Platform = AdReportRecord['platform']

const NAMES: Readonly<Record<string, Platform>> = {
  meta: 'meta',
  facebook: 'meta',
  fb: 'meta',
  instagram: 'meta',
  google: 'google',
  googleads: 'google',
  adwords: 'google',
  googleadwords: 'google',
  tiktok: 'tiktok',
  snapchat: 'snapchat',
  snap: 'snapchat',
}

/** The platform a name means (`Facebook Ads`, `google_ads`, `AdWords`), or null. */
export function platformOf(name: string): Platform | null {
  const plain = name.toLowerCase().replace(/[^a-z]/g, '')
  const key = Object.hasOwn(NAMES, plain) ? plain : plain.replace(/ads$/, '')
  return Object.hasOwn(NAMES, key) ? NAMES[key]! : null
}
