import type { Traffic } from './model.ts'
import { siteKind } from './sites.ts'

const SHOPPING_CAMPAIGN = /^(.*(([^a-df-z]|^)shop|shopping).*)$/
const PAID = /^(.*cp.*|ppc|retargeting|paid.*)$/

/** Whether a medium (in small letters) is paid for. */
export const isPaid = (medium: string): boolean => PAID.test(medium)

const EMAIL = /^e[-_ ]?mail$/
const DISPLAY = new Set(['display', 'banner', 'expandable', 'interstitial', 'cpm'])
const SOCIAL = new Set(['social', 'social-network', 'social-media', 'sm', 'social network', 'social media'])
const REFERRAL = new Set(['referral', 'app', 'link'])

/**
 * GA4's default channel group of a session, from source, medium and campaign; letter case does not count.
 * Source: Google Analytics help, "Default channel group": the first rule that matches, in the order given there.
 */
export function channelOf({ source, medium, campaign }: Traffic): string {
  const s = (source ?? '').toLowerCase()
  const m = (medium ?? '').toLowerCase()
  const c = (campaign ?? '').toLowerCase()
  if (s === '(direct)' && (m === '(none)' || m === '(not set)' || m === '')) return 'Direct'
  if (c.includes('cross-network')) return 'Cross-network'
  const site = siteKind(s)
  const shopping = site === 'shopping' || SHOPPING_CAMPAIGN.test(c)
  if (isPaid(m)) {
    if (shopping) return 'Paid Shopping'
    if (site === 'search') return 'Paid Search'
    if (site === 'social') return 'Paid Social'
    if (site === 'video') return 'Paid Video'
    return DISPLAY.has(m) ? 'Display' : 'Paid Other'
  }
  if (DISPLAY.has(m)) return 'Display'
  if (shopping) return 'Organic Shopping'
  if (site === 'social' || SOCIAL.has(m)) return 'Organic Social'
  if (site === 'video' || m.includes('video')) return 'Organic Video'
  if (site === 'search' || m === 'organic') return 'Organic Search'
  if (EMAIL.test(s) || EMAIL.test(m)) return 'Email'
  if (m === 'affiliate') return 'Affiliates'
  if (REFERRAL.has(m)) return 'Referral'
  if (m === 'audio') return 'Audio'
  if (s === 'sms' || m === 'sms') return 'SMS'
  if (m.endsWith('push') || m.includes('mobile') || m.includes('notification') || s === 'firebase')
    return 'Mobile Push Notifications'
  return 'Unassigned'
}
