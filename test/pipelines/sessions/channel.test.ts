import fc from 'fast-check'
import t from 'tap'
import { channelOf } from '../../../pipelines/sessions/channel.ts'
import { siteKind } from '../../../pipelines/sessions/sites.ts'
import { absent, csvRows } from '../../e2e/real.ts'

const CHANNELS: Readonly<Record<string, readonly (readonly [string | null, string | null, string?])[]>> = {
  Direct: [
    ['(direct)', '(none)'],
    ['(direct)', '(not set)'],
    ['(direct)', null],
    // Before all others, whatever the campaign.
    ['(direct)', '(none)', 'shop-sale'],
  ],
  'Cross-network': [
    ['google', 'cpc', 'Cross-network PMax'],
    ['anything', 'anything', 'de_cross-network_2026'],
  ],
  'Paid Shopping': [
    ['amazon.com', 'cpc'],
    ['google', 'cpc', 'summer shop'],
    ['google', 'cpc', 'Shopping'],
  ],
  'Paid Search': [
    ['google', 'cpc'],
    ['Google', 'CPC'],
    ['bing', 'ppc'],
    ['google', 'cpm'],
    ['uk.search.yahoo.com', 'paid'],
    ['google', 'cpc', 'workshop'],
  ],
  'Paid Social': [
    ['facebook', 'paid_social'],
    ['tiktok', 'paid_social'],
    ['snapchat', 'cpc'],
    ['l.facebook.com', 'retargeting'],
    ['ig', 'paid'],
  ],
  'Paid Video': [
    ['youtube', 'cpv'],
    ['vimeo.com', 'paid-video'],
  ],
  Display: [
    ['criteo', 'display'],
    ['criteo', 'cpm'],
    ['google', 'display'],
    ['dv360', 'interstitial'],
  ],
  'Paid Other': [
    ['criteo', 'cpc'],
    ['newsletter', 'paid-mention'],
    [null, 'ppc'],
  ],
  'Organic Shopping': [
    ['etsy.com', 'referral'],
    ['blog.example', 'referral', 'autumn-shop'],
  ],
  'Organic Social': [
    ['t.co', 'referral'],
    ['lm.facebook.com', 'referral'],
    ['br.pinterest.com', 'referral'],
    ['agency', 'social-media'],
    ['x.com', null],
  ],
  'Organic Video': [
    ['m.youtube.com', 'referral'],
    ['partner', 'videos'],
  ],
  'Organic Search': [
    ['google', 'organic'],
    ['an engine of tomorrow', 'organic'],
    ['yandex.ru', 'referral'],
    ['www.google.co.uk', null],
  ],
  Email: [
    ['newsletter', 'email'],
    ['e-mail', 'campaign'],
    ['list', 'E_Mail'],
    ['email', 'referral'],
  ],
  Affiliates: [['Partners', 'affiliate']],
  Referral: [
    ['coursera.org', 'referral'],
    ['some app', 'app'],
    ['x', 'link'],
  ],
  Audio: [['spotify', 'audio']],
  SMS: [
    ['sms', 'text'],
    ['twilio', 'SMS'],
  ],
  'Mobile Push Notifications': [
    ['braze', 'web push'],
    ['braze', 'in-app notification'],
    ['x', 'mobile'],
    ['firebase', null],
  ],
  Unassigned: [
    [null, null],
    ['(not set)', '(not set)'],
    ['<Other>', '<Other>'],
    ['(direct)', 'something'],
    ['emails', 'e+mail'],
  ],
}

for (const [channel, cases] of Object.entries(CHANNELS))
  t.test(channel, async t => {
    for (const [source, medium, campaign = null] of cases)
      t.equal(channelOf({ source, medium, campaign }), channel, `${source} / ${medium} / ${campaign}`)
  })

t.test('referrals from support.google.com and google.qwiklabs.com were taken for searches', async t => {
  for (const source of [
    'support.google.com',
    'analytics.google.com',
    'mail.google.com',
    'google.qwiklabs.com',
    '9to5google.com',
    'creatoracademy.youtube.com',
    'googleads.g.doubleclick.net',
    'ask.metafilter.com',
    'amazon.example.com',
  ])
    t.equal(channelOf({ source, medium: 'referral', campaign: null }), 'Referral', source)
  t.equal(channelOf({ source: 'sites.google.com', medium: 'referral', campaign: null }), 'Organic Social')
})

t.test('any source, medium and campaign has a channel, and letter case does not change it', async () => {
  const word = fc.option(
    fc.oneof(fc.string(), fc.domain(), fc.constantFrom('google', 'facebook.com', 'cpc', 'email', '(direct)')),
  )
  fc.assert(
    fc.property(word, word, word, (source, medium, campaign) => {
      const upper = (text: string | null) => text?.toUpperCase() ?? null
      const channel = channelOf({ source, medium, campaign })
      const shouted = channelOf({ source: upper(source), medium: upper(medium), campaign: upper(campaign) })
      return channel in CHANNELS && channel === shouted
    }),
  )
})

const LIST = 'ga4/ga4_source_categories.csv'
const DAYS = 'ga4/real_export_derived/daily_source_medium.csv.gz'

t.test(
  "Google's list and ours agree on the sources of the real export",
  {
    skip: absent(LIST) || absent(DAYS),
  },
  async t => {
    const kinds = new Map(csvRows(LIST).map(r => [r.source, r.source_category]))
    let sessions = 0
    const otherwise: string[] = []
    for (const { source, sessions: n } of csvRows(DAYS)) {
      sessions += Number(n)
      const kind = kinds.get(source)?.replace('SOURCE_CATEGORY_', '').toLowerCase() ?? null
      if (siteKind(source!) !== kind) otherwise.push(source!)
    }
    t.equal(sessions, 243_052)
    // The list has neither a capital letter nor the domain of this search engine, which visitors came from four times.
    t.strictSame([...new Set(otherwise)].sort(), ['Facebook', 'startpage.com'])
  },
)
