import t from 'tap'
import salesforce from '../../../connectors/salesforce/index.ts'
import { conformance } from '../../../plugins/conformance/index.ts'

t.test('it conforms to the contract, on its simulator', async t => {
  const results = await conformance(salesforce)
  for (const { check, title, result, reason } of results)
    t.not(result, 'failed', `${check}: ${title}: ${reason ?? ''}`)
  t.equal(results.filter(r => r.result === 'does not apply').length, 0)
})
