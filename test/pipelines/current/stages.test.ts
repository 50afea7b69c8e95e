import t from 'tap'
import { adChange, adChangesKind } from '../../../pipelines/ad-changes/said.ts'
import { adDemographic, adDemographicsKind } from '../../../pipelines/ad-demographics/said.ts'
import { adEntity, levelKinds } from '../../../pipelines/ad-entities/said.ts'
import {
  contact,
  contactsKind,
  deal,
  dealStage,
  dealStagesKind,
  dealsKind,
} from '../../../pipelines/crm/said.ts'
import { saidFact, saidRefusal } from '../../../pipelines/current/fact.ts'
import type { Said } from '../../../pipelines/current/said.ts'
import { matchQualitiesKind, matchQuality } from '../../../pipelines/match-quality/said.ts'
import { tables } from '../../../pipelines/tables.ts'
import { webReport, webReportsKind } from '../../../pipelines/web-reports/said.ts'
import type { AdChangeRecord } from '../../../plugins/records/ad-change.ts'
import type { AdDemographicRecord } from '../../../plugins/records/ad-demographic.ts'
import type { AdEntityRecord } from '../../../plugins/records/ad-entity.ts'
import type { MatchQualityRecord } from '../../../plugins/records/match-quality.ts'
import type { WebReportRecord } from '../../../plugins/records/web-report.ts'
import { noon } from '../facts.ts'
import { Row } from '../row.ts'

const open = () => Row.open('tenant', 'facts')
const told = <R extends object>(said: Said<R>, data: R, source = 'meta', readAt = noon(60)) => ({
  kind: said.kind,
  value: saidFact(said, data, 'demo', source, readAt) as never,
})

const campaign = (more: Partial<AdEntityRecord> = {}): AdEntityRecord => ({
  platform: 'meta',
  level: 'campaign',
  account_id: 'a',
  campaign_id: 'c',
  adset_id: null,
  ad_id: null,
  name: 'Summer',
  status: 'ACTIVE',
  platform_status: 'ACTIVE',
  objective: 'OUTCOME_SALES',
  budget_micros: 50_000_000,
  budget_kind: 'daily',
  bid_micros: null,
  bid_strategy: null,
  currency: 'EUR',
  zone: null,
  as_of: noon(),
  ...more,
})

t.test(
  'a campaign that is read every hour has a revision for every change, and each level a kind of its own',
  async t => {
    const row = await open()
    row.feed(
      told(adEntity, campaign()),
      told(adEntity, campaign({ as_of: noon(60) })),
      told(adEntity, campaign({ as_of: noon(120), budget_micros: 60_000_000 })),
      told(adEntity, campaign({ as_of: noon(90), status: 'PAUSED' })),
      told(adEntity, campaign({ level: 'account', campaign_id: null, zone: 'Europe/Berlin' })),
    )
    t.match(row.of(levelKinds.campaign), [
      { revision: 1, budget_micros: 50_000_000, source: 'meta' },
      { revision: 2, budget_micros: 60_000_000, status: 'ACTIVE' },
    ])
    t.equal(row.of(levelKinds.campaign).length, 2)
    t.match(row.of(levelKinds.account), [{ revision: 1, zone: 'Europe/Berlin' }])
  },
)

t.test('a group of people is told from the whole, and a restated day is a revision', async t => {
  const group = (more: Partial<AdDemographicRecord> = {}): AdDemographicRecord => ({
    platform: 'meta',
    date: '2026-01-14',
    account_id: 'a',
    campaign_id: 'c',
    age: '25-34',
    gender: 'female',
    country: null,
    impressions: 10,
    clicks: 1,
    spend_micros: 1_000_000,
    revenue_micros: null,
    currency: 'EUR',
    conversions_micros: null,
    settled: false,
    as_of: noon(),
    ...more,
  })
  const row = await open()
  row.feed(
    told(adDemographic, group()),
    told(adDemographic, group({ age: null })),
    told(adDemographic, group({ as_of: noon(1), clicks: 2 })),
  )
  t.match(row.of(adDemographicsKind), [
    { age: '25-34', revision: 1 },
    { age: null, revision: 1 },
    { age: '25-34', revision: 2, clicks: 2 },
  ])
})

t.test('contacts, deals and the stages they went through', async t => {
  const row = await open()
  const person = {
    contact_id: '1',
    email: 'p',
    phone: null,
    created_at: noon(-100),
    updated_at: noon(),
    stage: 'lead',
    owner_id: null,
    lead_source: 'PAID_SEARCH',
    campaign: null,
    click_ids: { gclid: 'Ab' },
    is_deleted: false,
  }
  const sale = {
    deal_id: '9',
    name: 'Big',
    pipeline: 'default',
    stage: 'won',
    amount_micros: 5_000_000,
    currency: 'EUR',
    created_at: null,
    closed_at: null,
    updated_at: noon(),
    is_closed: null,
    is_won: true,
    owner_id: null,
    contact_ids: ['1'],
    is_deleted: false,
  }
  const entered = { deal_id: '9', stage: 'won', entered_at: noon(-5), as_of: noon() }
  row.feed(
    told(contact, person, 'hubspot'),
    told(contact, person, 'salesforce'),
    told(contact, { ...person, updated_at: noon(1), stage: 'customer' }, 'hubspot'),
    told(deal, sale, 'hubspot'),
    told(dealStage, entered, 'hubspot'),
    told(dealStage, { ...entered, as_of: noon(1) }, 'hubspot'),
  )
  t.match(row.of(contactsKind), [
    { source: 'hubspot', revision: 1, click_ids: { gclid: 'Ab' }, lead_source: 'PAID_SEARCH' },
    { source: 'salesforce', revision: 1 },
    { source: 'hubspot', revision: 2, stage: 'customer' },
  ])
  t.match(row.of(dealsKind), [{ revision: 1, is_closed: null, is_won: true, contact_ids: ['1'] }])
  t.equal(row.of(dealStagesKind).length, 1, 'the same stage said again is none')
})

t.test('what a platform says of the events it was sent, and what somebody changed on it', async t => {
  const quality: MatchQualityRecord = {
    platform: 'meta',
    account_id: 'a',
    pixel_id: 'p',
    event_name: 'Purchase',
    score: 8.1,
    scale: 10,
    grade: null,
    events: 400,
    coverage: { em: 0.75 },
    window_start: noon(-2880),
    window_end: noon(),
    as_of: noon(),
  }
  const change: AdChangeRecord = {
    platform: 'google',
    change_id: 'x',
    changed_at: noon(),
    account_id: 'a',
    entity: 'campaign',
    entity_id: 'c',
    field: 'status',
    old_value: 'ENABLED',
    new_value: 'PAUSED',
    actor: null,
    client: 'GOOGLE_ADS_WEB_CLIENT',
  }
  const row = await open()
  row.feed(
    told(matchQuality, quality),
    told(matchQuality, { ...quality, as_of: noon(5) }),
    told(matchQuality, { ...quality, event_name: null, score: null, as_of: noon(5) }),
    told(matchQuality, { ...quality, as_of: noon(9), score: 7.9, coverage: { em: 0.7 } }),
    told(adChange, change, 'google-ads'),
    told(adChange, change, 'google-ads'),
  )
  t.match(row.of(matchQualitiesKind), [
    { revision: 1, score: 8.1, coverage: { em: 0.75 } },
    { revision: 1, score: null, event_name: null },
    { revision: 2, score: 7.9, coverage: { em: 0.7 } },
  ])
  t.match(row.of(adChangesKind), [{ revision: 1, new_value: 'PAUSED' }])
  t.equal(row.of(adChangesKind).length, 1)
})

t.test(
  'a row that is said again of a day that is said again is a revision, though nothing has changed',
  async t => {
    const report = (more: Partial<WebReportRecord> = {}): WebReportRecord => ({
      property_id: '7',
      date: '2026-01-14',
      traffic_source: 'google',
      traffic_medium: 'cpc',
      campaign: 'brand',
      channel: 'Paid Search',
      sessions: 10,
      users: 9,
      conversions_micros: 1_000_000,
      purchases: 1,
      revenue_micros: 12_340_000,
      currency: 'EUR',
      settled: false,
      quality: ['thresholded'],
      as_of: noon(),
      ...more,
    })
    const row = await open()
    row.feed(
      told(webReport, report(), 'ga4'),
      told(webReport, report({ as_of: noon(1) }), 'ga4'),
      told(webReport, report({ as_of: noon(-1), sessions: 3 }), 'ga4'),
    )
    t.match(row.of(webReportsKind), [
      { revision: 1, revenue_micros: 12_340_000, quality: ['thresholded'], source: 'ga4' },
      { revision: 2, as_of: noon(1) },
    ])
    t.equal(row.of(webReportsKind).length, 2, 'what was said before changes nothing')
  },
)

t.test('what cannot be is refused with its field', async t => {
  const refused = (more: Partial<AdEntityRecord>) => saidRefusal(adEntity, campaign(more), noon(60), 10)
  t.equal(refused({}), null)
  t.match(refused({ currency: 'EURO' }), /^currency "EURO" is not one of ISO 4217/)
  t.match(refused({ as_of: noon(3 * 1440) }), /^as_of .* is in the future/)
  t.match(refused({ as_of: 5 }), /^as_of .* before 2000/)
  t.equal(refused({ currency: null }), null)
})

t.test('every table of what is said has its columns once, and begins with the tenant', async t => {
  for (const table of tables) {
    const names = table.columns.map(c => c.name)
    t.equal(new Set(names).size, names.length, table.name)
    t.equal(names[0], 'tenant_id', table.name)
    for (const name of [...table.orderBy, table.time]) t.ok(names.includes(name), `${table.name} ${name}`)
  }
})
