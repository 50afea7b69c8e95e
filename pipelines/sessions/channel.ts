import type { Traffic } from './model.ts'

/**
 * GA4's default channel group of a session, from source, medium and campaign.
 * Source: Google Analytics help, "Default channel group" (rules in the order given there). Its list of sites has
 * over 800 entries; the ones here are those that carry nearly all traffic.
 */
const SEARCH =
  /(^|\.)(google|bing|yahoo|duckduckgo|baidu|yandex|ecosia|ask|aol|naver|qwant|startpage|seznam|sogou)(\.|$)/i
const SOCIAL =
  /(^|\.)(facebook|instagram|linkedin|lnkd|twitter|t|x|pinterest|reddit|quora|tumblr|snapchat|threads|weibo|vk|whatsapp|wechat|messenger|discord|medium|blogger|fb|ig)(\.(com|co|me|it|net|ru|org))?$/i
const VIDEO = /(^|\.)(youtube|vimeo|dailymotion|twitch|tiktok|netflix|youku|iqiyi|disneyplus)(\.|$)/i
const SHOPPING = /(^|\.)(amazon|ebay|etsy|alibaba|aliexpress|walmart|shopify|mercadolibre|shopping)(\.|$)/i
const SHOPPING_CAMPAIGN = /^(.*(([^a-df-z]|^)shop|shopping).*)$/i
const PAID = /^(.*cp.*|ppc|retargeting|paid.*)$/i

export function channelOf({ source, medium, campaign }: Traffic): string {
  const s = source ?? ''
  const m = (medium ?? '').toLowerCase()
  const c = campaign ?? ''
  if (s === '(direct)' && (m === '(none)' || m === '(not set)' || m === '')) return 'Direct'
  if (/cross-network/i.test(c)) return 'Cross-network'
  const paid = PAID.test(m)
  if ((SHOPPING.test(s) || SHOPPING_CAMPAIGN.test(c)) && paid) return 'Paid Shopping'
  if (SEARCH.test(s) && paid) return 'Paid Search'
  if (SOCIAL.test(s) && paid) return 'Paid Social'
  if (VIDEO.test(s) && paid) return 'Paid Video'
  if (['display', 'banner', 'expandable', 'interstitial', 'cpm'].includes(m)) return 'Display'
  if (paid) return 'Paid Other'
  if (SHOPPING.test(s) || SHOPPING_CAMPAIGN.test(c)) return 'Organic Shopping'
  if (
    SOCIAL.test(s) ||
    ['social', 'social-network', 'social-media', 'sm', 'social network', 'social media'].includes(m)
  )
    return 'Organic Social'
  if (VIDEO.test(s) || /video/.test(m)) return 'Organic Video'
  if (SEARCH.test(s) || m === 'organic') return 'Organic Search'
  if (['referral', 'app', 'link'].includes(m)) return 'Referral'
  if (/^e[-_ ]?mail$/.test(m) || /^e[-_ ]?mail$/i.test(s)) return 'Email'
  if (m === 'affiliate') return 'Affiliates'
  if (m === 'audio') return 'Audio'
  if (s.toLowerCase() === 'sms' || m === 'sms') return 'SMS'
  if (/push$/.test(m) || /mobile|notification/.test(m) || s.toLowerCase() === 'firebase')
    return 'Mobile Push Notifications'
  return 'Unassigned'
}
