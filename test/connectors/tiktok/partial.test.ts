import t from 'tap'
import { done } from '../../../connectors/tiktok/actions/target.ts'
import { connected } from './support.ts'

t.test('of several ad groups some are changed: the answer says which, and why not the others', async t => {
  const { baseUrl, platform } = await connected(t)
  const [one] = platform.entities.of('56007', 'adgroup')
  const response = await fetch(`${baseUrl}/adgroup/status/update/`, {
    method: 'POST',
    headers: { 'access-token': platform.token, 'content-type': 'application/json' },
    body: JSON.stringify({
      advertiser_id: '56007',
      adgroup_ids: [one!.id, '404'],
      operation_status: 'DISABLE',
      allow_partial_success: true,
    }),
  })
  t.equal(response.status, 200)
  const body = (await response.json()) as { code: number }
  t.match(body, { code: 20001, data: { adgroup_ids: [one!.id], error_list: [{ adgroup_id: '404' }] } })
  done(body, 'adgroup_ids', one!.id)
  t.throws(() => done(body, 'adgroup_ids', '404'), {
    name: 'FatalError',
    message: /did not change 404: adgroup 404 does not/,
  })
  t.throws(() => done({ code: 20001 }, 'adgroup_ids', '404'), { name: 'FatalError' })
})
