import fc from 'fast-check'
import t from 'tap'
import { contactOf } from '../../../connectors/hubspot/contact.ts'
import { dealOf } from '../../../connectors/hubspot/deal.ts'
import { stagesOf } from '../../../connectors/hubspot/deal-stage.ts'
import type { CrmObject } from '../../../connectors/hubspot/objects.ts'
import { ownerOf } from '../../../connectors/hubspot/owner.ts'
import { amountText } from '../../../connectors/hubspot/simulator/history.ts'
import { minorDigits } from '../../../plugins/money/index.ts'

const us = (iso: string) => Date.parse(iso) * 1000
const objectOf = (properties: Record<string, unknown>, more: Partial<CrmObject> = {}): CrmObject => ({
  id: '512',
  properties,
  createdAt: '2019-10-30T03:30:17.883Z',
  updatedAt: '2019-12-07T16:50:06.678Z',
  archived: false,
  ...more,
})

t.test('a contact', async t => {
  const properties = {
    email: ' Jane.Doe+promo@Gmail.com ',
    phone: '+1 (650) 555-1212 ext. 9',
    createdate: '2026-01-05T10:00:00.123Z',
    lastmodifieddate: '1767607200001',
    lifecyclestage: 'lead',
    hubspot_owner_id: '7',
    hs_analytics_source: 'PAID_SOCIAL',
    hs_analytics_source_data_1: 'Facebook',
    hs_analytics_source_data_2: 'spring_sale',
    hs_google_click_id: null,
    hs_facebook_click_id: 'IwAR0-ABC_def',
    tiktok: 'E.C.P.x',
  }
  t.same(contactOf(objectOf(properties), { ttclid: 'tiktok', wbraid: 'none' }), {
    contact_id: '512',
    email: 'jane.doe+promo@gmail.com',
    phone: '+16505551212',
    created_at: us('2026-01-05T10:00:00.123Z'),
    updated_at: 1_767_607_200_001_000,
    stage: 'lead',
    owner_id: '7',
    lead_source: 'PAID_SOCIAL',
    campaign: 'spring_sale',
    click_ids: { fbclid: 'IwAR0-ABC_def', ttclid: 'E.C.P.x' },
    is_deleted: false,
  })
})

t.test('what is not known is null, and times come from the object where no property has them', async t => {
  t.same(contactOf(objectOf({}, { archived: true, archivedAt: '2020-01-01T00:00:00Z' }), {}), {
    contact_id: '512',
    email: null,
    phone: null,
    created_at: us('2019-10-30T03:30:17.883Z'),
    updated_at: us('2020-01-01T00:00:00Z'),
    stage: null,
    owner_id: null,
    lead_source: null,
    campaign: null,
    click_ids: {},
    is_deleted: true,
  })
})

t.test('a deal', async t => {
  const properties = {
    dealname: 'Renewal jane@doe.example',
    amount: '1500.5',
    deal_currency_code: 'KWD',
    dealstage: 'closedwon',
    pipeline: 'default',
    closedate: '2026-02-01T00:00:00Z',
    hs_lastmodifieddate: '2026-02-02T00:00:00Z',
    hs_is_closed_won: 'true',
  }
  t.same(dealOf(objectOf(properties), ['1', '2', '1'], 'USD'), {
    deal_id: '512',
    name: 'Renewal (redacted)',
    pipeline: 'default',
    stage: 'closedwon',
    amount_micros: 1_500_500_000,
    currency: 'KWD',
    created_at: us('2019-10-30T03:30:17.883Z'),
    closed_at: us('2026-02-01T00:00:00Z'),
    updated_at: us('2026-02-02T00:00:00Z'),
    is_closed: true,
    is_won: true,
    owner_id: null,
    contact_ids: ['1', '2'],
    is_deleted: false,
  })
})

t.test('an amount of any currency is read to the micro: 0, 2 and 3 decimals', async t => {
  await fc.assert(
    fc.property(
      fc.constantFrom('JPY', 'KRW', 'USD', 'EUR', 'KWD', 'TND', 'BHD'),
      fc.bigInt({ min: 0n, max: 9_000_000_000n }),
      fc.boolean(),
      (currency, minor, isOwn) => {
        const digits = minorDigits(currency)
        const micros = Number(minor * 10n ** BigInt(6 - digits))
        const amount = amountText(micros, digits)
        const deal = isOwn ? { amount, deal_currency_code: currency } : { amount }
        t.equal(dealOf(objectOf(deal), [], isOwn ? 'USD' : currency).amount_micros, micros)
        const padded = `${amount}${amount!.includes('.') ? '' : '.'}00`
        t.equal(dealOf(objectOf({ ...deal, amount: padded }), [], currency).amount_micros, micros)
      },
    ),
    { numRuns: 300 },
  )
  t.equal(dealOf(objectOf({ amount: '0.1' }), [], 'USD').amount_micros! * 3, 300_000, 'three times ten cents')
})

t.test('what is no amount is refused, not guessed', async t => {
  for (const [properties, reason] of [
    [{ amount: 'lots' }, /^amount: 'lots' is not/],
    [{ amount: '1', deal_currency_code: 'GOLD' }, /^amount: 'GOLD' is no ISO 4217 currency/],
    [{ amount: '99999999999999' }, /^amount: .* too large/],
    [{ amount: { value: 1 } }, /^amount is an object, not text/],
    [{ closedate: 'next week' }, /^closedate is no time/],
    [{ hs_is_closed: 'maybe' }, /^hs_is_closed is neither true nor false/],
  ] as const)
    t.throws(() => dealOf(objectOf(properties), [], 'USD'), { name: 'RowError', message: reason })
  t.throws(() => dealOf(objectOf({}, { id: undefined as never }), [], 'USD'), { message: 'id is missing' })
  t.equal(dealOf(objectOf({ amount: '' }), [], null).amount_micros, null)
})

t.test('stages in the order they were entered; a value written again is no entry', async t => {
  const version = (value: string, timestamp: string) => ({ value, timestamp, sourceType: 'CRM_UI' })
  const dealstage = [
    version('won', '2026-01-09T00:00:00Z'),
    version('proposal', '2026-01-05T00:00:00.500Z'),
    version('qualified', '2026-01-04T00:00:00Z'),
    version('proposal', '2026-01-04T00:00:00Z'),
    version('proposal', '2026-01-03T00:00:00Z'),
    version('proposal', '2026-01-02T00:00:00Z'),
    version('qualified', '2026-01-01T00:00:00Z'),
  ]
  const object = objectOf(
    { hs_lastmodifieddate: '2026-01-10T00:00:00Z' },
    { propertiesWithHistory: { dealstage } },
  )
  t.same(
    stagesOf(object).map(({ stage, entered_at }) => [stage, entered_at]),
    [
      ['qualified', us('2026-01-01T00:00:00Z')],
      ['proposal', us('2026-01-02T00:00:00Z')],
      ['qualified', us('2026-01-04T00:00:00Z')],
      ['proposal', us('2026-01-05T00:00:00.500Z')],
      ['won', us('2026-01-09T00:00:00Z')],
    ],
  )
  t.same(stagesOf(objectOf({})), [])
})

t.test('an owner', async t => {
  t.match(ownerOf({ id: 7, email: 'A@b.example', firstName: 'Ann', archived: true }), {
    owner_id: '7',
    email: 'a@b.example',
    user_id: null,
    is_deleted: true,
  })
})
