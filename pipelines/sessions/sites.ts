import { getDomain } from 'tldts'

export type SiteKind = 'search' | 'shopping' | 'social' | 'video'

/** Sites that go by a name (`google`, as GA4 itself writes it) and by that name under any suffix (`google.fr`). */
const NAMES: Readonly<Record<SiteKind, string>> = {
  search:
    'google bing yahoo duckduckgo baidu yandex ecosia ask aol naver qwant startpage seznam sogou daum rambler msn ' +
    'lycos kvasir onet virgilio biglobe',
  shopping: 'amazon ebay etsy alibaba aliexpress walmart shopify mercadolibre mercadolivre shopzilla',
  social:
    'facebook instagram linkedin twitter tiktok pinterest snapchat reddit quora tumblr threads weibo wechat whatsapp ' +
    'messenger discord vk vkontakte blogger blogspot wordpress flickr foursquare tripadvisor trustpilot yelp xing ' +
    'glassdoor meetup myspace odnoklassniki stackoverflow stackexchange skype kakao douban renren',
  video: 'youtube vimeo dailymotion twitch netflix youku iqiyi disneyplus hulu veoh wistia',
}

/** Hosts that say more, or something else, than the name in them. */
const HOSTS: Readonly<Record<SiteKind, string>> = {
  search:
    'search.google.com news.google.com play.google.com lens.google.com cn.bing.com m.baidu.com ' +
    'm.naver.com m.search.naver.com search.aol.com lite.qwant.com',
  shopping: 'shopping.yahoo.com shopping.yahoo.co.jp shopping.naver.com m.shopping.naver.com shop.app',
  social:
    'x.com t.co fb fb.com fb.me ig lnkd.in redd.it line.me medium.com t.me news.ycombinator.com getpocket.com ' +
    'apps.facebook.com business.facebook.com ' +
    'plus.google.com sites.google.com groups.google.com messages.google.com googlegroups.com ' +
    'answers.yahoo.com blog.naver.com m.blog.naver.com cafe.naver.com m.cafe.naver.com kin.naver.com m.kin.naver.com',
  video: 'youtu.be music.youtube.com player.vimeo.com player.twitch.tv',
}

/** Parts in front of a domain under which the site itself is meant: the mobile site, the one that counts clicks. */
const ITSELF = /^(www|m|l|lm|mobile|touch|web|out|old|amp|away|free|([a-z]{2}\.)?search)\.(?=[^.]+\.)/
/** Pinterest has its countries in front. */
const COUNTRY = /^[a-z]{2}\.(?=pinterest\.)/

const table = (words: Readonly<Record<SiteKind, string>>) =>
  new Map(
    Object.entries(words).flatMap(([kind, list]) => list.split(' ').map(w => [w, kind as SiteKind] as const)),
  )
const names = table(NAMES)
const hosts = table(HOSTS)
const known = new Map<string, SiteKind | null>()

/**
 * What a traffic source is, or null: `google` and `uk.search.yahoo.com` are search, `support.google.com` is none.
 * GA4 matches whole names against a list of over 800; these are the ones that carry nearly all traffic.
 */
export function siteKind(source: string): SiteKind | null {
  let kind = known.get(source)
  if (kind === undefined) {
    kind = find(source.toLowerCase())
    if (known.size > 10_000) known.clear()
    known.set(source, kind)
  }
  return kind
}

function find(source: string): SiteKind | null {
  const exact = names.get(source) ?? hosts.get(source)
  if (exact !== undefined) return exact
  const host = source.replace(ITSELF, '').replace(COUNTRY, '')
  if (getDomain(host) !== host) return null
  return names.get(host.slice(0, host.indexOf('.'))) ?? hosts.get(host) ?? null
}
