import t from 'tap'
import { platformOf } from '../../../pipelines/signals/platform.ts'

const of = (traffic_source: string | null, traffic_medium: string | null, click_ids = {}) =>
  platformOf({ traffic_source, traffic_medium, click_ids })

t.test('who brought an event: the paid source it names, else the click id it has', async t => {
  for (const [source, medium, platform] of [
    ['google', 'cpc', 'google'],
    ['Google', 'CPC', 'google'],
    ['google', 'organic', null],
    ['facebook', 'paid_social', 'meta'],
    ['fb', 'cpc', 'meta'],
    ['ig', 'paid', 'meta'],
    ['m.facebook.com', 'referral', null],
    ['l.facebook.com', 'cpc', 'meta'],
    ['tiktok', 'paid', 'tiktok'],
    ['ads.tiktok.com', 'cpm', 'tiktok'],
    ['snapchat', 'cpc', 'snapchat'],
    ['bing', 'cpc', null],
    ['facebookish', 'cpc', null],
    [null, null, null],
  ] as const)
    t.equal(of(source, medium), platform, `${source} / ${medium}`)
  t.equal(of(null, null, { fbclid: 'x' }), 'meta')
  t.equal(of('google', 'organic', { gbraid: 'x' }), 'google')
  t.equal(of(null, null, { ScCid: 'x' }), 'snapchat')
  t.equal(of(null, null, { ttclid: 'x' }), 'tiktok')
  t.equal(of(null, null, { dclid: 'x' }), null)
  t.equal(of('facebook', 'cpc', { gclid: 'x' }), 'meta', 'what it names goes before what it carries')
})
