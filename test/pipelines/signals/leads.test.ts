import t from 'tap'
import { contact } from '../../../pipelines/crm/said.ts'
import { saidFact } from '../../../pipelines/current/fact.ts'
import { type AnomalyRecord, anomalyKind } from '../../../pipelines/signals/anomaly-kind.ts'
import { type SignalHealth, signalHealthKind } from '../../../pipelines/trust/signal-health.ts'
import type { ContactRecord } from '../../../plugins/records/contact.ts'
import { told } from '../facts.ts'
import { Row, type Told } from '../row.ts'
import { shop, startOf } from './shop.ts'

const HOUR = 3_600_000_000
const NOW = startOf('2026-03-10')

const lead = (n: number, more: Partial<ContactRecord> = {}): Told => {
  const record: ContactRecord = {
    contact_id: String(n),
    email: `e${n}`,
    phone: null,
    created_at: NOW - n * HOUR,
    updated_at: NOW,
    stage: 'lead',
    owner_id: null,
    lead_source: null,
    campaign: null,
    click_ids: { fbclid: `f${n}` },
    is_deleted: false,
    ...more,
  }
  return { kind: 'contact', value: { ...saidFact(contact, record, 'demo', 'hubspot', NOW) } }
}

async function explained(...leads: Told[]) {
  const row = await Row.open('tenant', 'facts')
  row.feed(...leads, shop().reported('2026-03-09', NOW), told.tick(NOW), told.tick(NOW + 300_000_000))
  const { explanation } = row.of<SignalHealth>(signalHealthKind).at(-1)!
  return { row, says: (what: string) => explanation.split('\n').find(line => line.trim().startsWith(what))! }
}

const forty = Array.from({ length: 40 }, (_, i) => lead(i + 1))

t.test('leads of a CRM are conversions with the identifiers they came with', async t => {
  const { says } = await explained(...forty)
  // E-mail and click id of all 40: six of the 22 that all keys weigh.
  t.match(says('match rate'), /lead 2\d(\.\d)? \(40 events, estimated\)/)
  t.match(says('freshness of the event stream'), /./)
})

t.test('a contact that is said again is one lead, and a deleted one is none', async t => {
  const again = forty.map((_, i) => lead(i + 1, { updated_at: NOW - 1, stage: 'customer' }))
  const { says } = await explained(...forty, ...again, lead(99, { is_deleted: true }))
  t.match(says('match rate'), /lead .* \(40 events/)
})

t.test('contacts of years make no row for every hour since', async t => {
  const { row } = await explained(lead(50_000), lead(1), lead(2))
  t.strictSame(
    row.of<AnomalyRecord>(anomalyKind).filter(a => a.interval === 'hour'),
    [],
  )
})
