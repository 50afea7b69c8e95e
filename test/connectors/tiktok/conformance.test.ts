import t from 'tap'
import tiktok from '../../../connectors/tiktok/index.ts'
import { conformance } from '../../../engine/source/conformance/conformance.ts'

t.setTimeout(600_000)

t.test('every check of the kit', async t => {
  for await (const { check, result, reason } of conformance(tiktok, { seed: 3 }))
    t.equal(result, 'ok', `${check}: ${reason ?? 'ok'}`)
})
