import t from 'tap'
import { ledgerOf } from '../../../connectors/snapchat/simulator/ledger.ts'
import { asLedger, house, NOW, reportsIn, sorted, world } from './support.ts'

t.test('ninety days over the change of clocks are the ledger, to the micro', async t => {
  const all = world()
  const { read, platform } = await house(t, { world: all, statsPage: 3 })
  const found = await read('ad_reports')
  t.same(found.rejected, [])
  t.same(asLedger(reportsIn(found)), sorted(ledgerOf(all, '2026-01-16', '2026-04-15', NOW)))
  t.ok(found.records.length > 800)
  const asked = platform.requests.filter(r => r.includes('/stats?') && !r.includes('cursor'))
  t.ok(
    asked.some(r => r.includes('start_time=2026-03-19T00%3A00%3A00%2B01%3A00')),
    asked.join('\n'),
  )
})
