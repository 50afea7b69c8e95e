import t from 'tap'
import meta from '../../../connectors/meta/index.ts'
import { conformance } from '../../../plugins/conformance/index.ts'

t.setTimeout(900_000)

t.test('it conforms to the contract, on its simulator', async t => {
  const results = await conformance(meta)
  for (const { check, title, result, reason } of results)
    t.not(result, 'failed', `${check}: ${title}: ${reason ?? ''}`)
  t.equal(results.filter(r => r.result === 'does not apply').length, 0)
})
