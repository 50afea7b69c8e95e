import t from 'tap'
import { isVariantName, toldIn } from '../../../pipelines/ingest/told.ts'

t.test('what was bought is taken from purchases and refunds alone', t => {
  const params = { item_id: '7', quantity: '2', items: '', page: '1' }
  t.same(toldIn('purchase', params), { items: '{"item_id":"7","quantity":"2"}', variants: null })
  t.equal(toldIn('refund', { items: '[]' }).items, '{"items":"[]"}')
  t.equal(toldIn('view_item', params).items, null)
  t.same(toldIn('purchase', {}), { items: null, variants: null })
  t.end()
})

t.test('variants are parameters whose names begin as those of experiments do', t => {
  const params = { exp_variant_string: 'a', EXPERIMENT_id: '1', page: 'x', expo: '' }
  t.equal(toldIn('page_view', params).variants, '{"exp_variant_string":"a","EXPERIMENT_id":"1"}')
  for (const name of ['variant', 'ab_test', 'abtest_1', 'vwo_campaign', 'optimizelyX', 'convert_1'])
    t.ok(isVariantName(name), name)
  for (const name of ['page_variant', 'color', '']) t.notOk(isVariantName(name), name)
  t.end()
})
