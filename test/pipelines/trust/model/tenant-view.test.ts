import t from 'tap'
import { tenantView } from '../../../../pipelines/trust/model/tenant-view.ts'

t.test('the mean weighted by spend, and the status of the worst', async t => {
  const found = tenantView([
    { platform: 'meta', score: 90, effective_status: 'HEALTHY', spend: 900 },
    { platform: 'google', score: 50, effective_status: 'CRITICAL', spend: 100 },
    { platform: 'tiktok', score: null, effective_status: 'CRITICAL', spend: 100 },
  ])
  t.same(found, { score: 86, effective_status: 'CRITICAL', worst: ['google', 'tiktok'] })
})

t.test('without any spend all platforms weigh the same', async t => {
  const at = (score: number, spend: number | null) =>
    ({ platform: 'meta', score, effective_status: 'HEALTHY', spend }) as const
  t.equal(tenantView([at(90, null), at(50, 0)]).score, 70)
  t.equal(tenantView([at(90, null), at(50, 5)]).score, 50)
  t.equal(tenantView([at(90, 1)]).effective_status, 'HEALTHY')
})

t.test('a tenant of no platform has no score, and is not healthy', async t => {
  t.same(tenantView([]), { score: null, effective_status: 'CRITICAL', worst: [] })
})
