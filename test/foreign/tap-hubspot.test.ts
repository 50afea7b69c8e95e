import t from 'tap'
import type { HubspotLedger } from '../../connectors/hubspot/simulator/ledger.ts'
import { BEGINS, house } from '../connectors/hubspot/support.ts'
import { settings, Target } from '../kafka/singer/reading.ts'
import { failure } from '../support/failure.ts'
import { temporaryFolder } from '../support/folder.ts'
import { answerHosts, hostsMissing } from '../support/servers/hosts.ts'
import { fetchedTap, MELTANO_TAP_HUBSPOT, TAP_HUBSPOT, type TapPackage } from '../support/servers/taps.ts'
import { tapAlone } from './tap-alone.ts'

type Row = Readonly<Record<string, unknown>>

interface Variant {
  readonly title: string
  readonly tap: TapPackage
  readonly catalogOption: '--catalog' | '--properties'
  readonly streams: readonly string[]
  readonly settings: Row
  /** The field of a deal that has its number, and how it has the value of a property. */
  readonly dealId: string
  readonly property: (deal: Row, name: string) => unknown
  /** Numbers of a deal and a contact. */
  readonly pairs: (found: Readonly<Record<string, readonly Row[]>>) => [unknown, unknown][]
  readonly asked: RegExp
}

const properties = (row: Row): Row => row.properties as Row

const VARIANTS: readonly Variant[] = [
  {
    title: 'tap-hubspot of Singer (versions 1 and 3 of the API)',
    tap: TAP_HUBSPOT,
    catalogOption: '--properties',
    streams: ['contacts', 'deals', 'owners', 'deal_pipelines'],
    settings: { redirect_uri: 'https://shop.example/hubspot' },
    dealId: 'dealId',
    property: (deal, name) => (properties(deal)[name] as { value: unknown } | undefined)?.value,
    pairs: ({ deals }) =>
      deals!.flatMap(({ dealId, associations }) =>
        (associations as { associatedVids: number[] }).associatedVids.map(
          id => [dealId, id] as [unknown, unknown],
        ),
      ),
    asked: /GET api\.hubapi\.com\/deals\/v1\/deal\/paged/,
  },
  {
    title: 'tap-hubspot of Meltano (version 3 and its search, version 4)',
    tap: MELTANO_TAP_HUBSPOT,
    catalogOption: '--catalog',
    streams: ['contacts', 'deals', 'owners', 'deals_contacts_associations'],
    settings: { associations: { deals: ['contacts'] } },
    dealId: 'id',
    property: (deal, name) => properties(deal)[name],
    pairs: found => found.deals_contacts_associations!.map(({ from_id, to_id }) => [from_id, to_id]),
    asked: /POST api\.hubapi\.com\/crm\/v3\/objects\/deals\/search/,
  },
]

const micros = (major: unknown): number | null =>
  major == null ? null : Math.round(Number(major) * 1_000_000)
const time = (text: unknown): number | null => (text == null ? null : Date.parse(String(text)) * 1000)
const flag = (value: unknown): boolean | null => (value == null ? null : String(value) === 'true')

const contactOf = (row: Row) => {
  const p = properties(row) as Readonly<Record<string, string | null>>
  return {
    contact_id: row.id,
    email: p.email?.toLowerCase() ?? null,
    phone: p.phone?.replaceAll(' ', '') ?? null,
    created_at: time(p.createdate),
    updated_at: time(p.lastmodifieddate),
    stage: p.lifecyclestage ?? null,
    owner_id: p.hubspot_owner_id ?? null,
    lead_source: p.hs_analytics_source ?? null,
    is_deleted: row.archived,
  }
}

const dealOf = (row: Row, { dealId, property }: Variant) => {
  const value = (name: string) => property(row, name) ?? null
  return {
    deal_id: String(row[dealId]),
    name: value('dealname'),
    pipeline: value('pipeline'),
    stage: value('dealstage'),
    amount_micros: micros(value('amount')),
    created_at: time(value('createdate')),
    closed_at: time(value('closedate')),
    updated_at: time(value('hs_lastmodifieddate')),
    is_closed: flag(value('hs_is_closed')),
    is_won: flag(value('hs_is_closed_won')),
    owner_id: value('hubspot_owner_id'),
  }
}

const dealsIn = (ledger: HubspotLedger) =>
  ledger
    .deals()
    .filter(({ is_deleted }) => !is_deleted)
    .map(({ currency: _, contact_ids: __, is_deleted: ___, ...deal }) => deal)

/** As the connector hands it on: without addresses and telephone numbers. */
const redacted = (rows: readonly Row[]): unknown =>
  JSON.parse(
    JSON.stringify(rows, (name, value) =>
      typeof value === 'string' && (value.includes('@') || name.includes('phone')) ? '(redacted)' : value,
    ),
  )

const inOrder = (rows: readonly unknown[]): string[] => rows.map(row => JSON.stringify(row)).sort()

for (const variant of VARIANTS) {
  const { title, tap, catalogOption, streams } = variant
  const { program, missing } = await fetchedTap(tap)
  const skip = missing || (hostsMissing() ?? false)

  t.test(`${title} reads what the ledger says, by itself and through the connector`, { skip }, async t => {
    const { simulator, clock } = await house(t, { people: 230, deals: 220, indexLagMs: 0 })
    const { ledger, store } = simulator
    const { asked, environment } = await answerHosts(t, { 'api.hubapi.com': simulator.url })
    const { base_url: _, ...app } = simulator.config()
    const start_date = new Date(BEGINS / 1000).toISOString()
    const config = { ...app, ...variant.settings, start_date }
    const how = { program: program!, config, streams, environment, catalogOption }
    const alone = await tapAlone(temporaryFolder(t), how)

    const contacts = ledger.contacts().filter(({ is_deleted }) => !is_deleted)
    t.ok(contacts.length > 100, `${contacts.length} contacts: several pages`)
    t.same(
      inOrder(alone.contacts!.map(contactOf)),
      inOrder(contacts.map(({ campaign: _, click_ids: __, ...contact }) => contact)),
      'contacts',
    )
    const deals = ledger.deals().filter(({ is_deleted }) => !is_deleted)
    t.ok(deals.length > 100, `${deals.length} deals: several pages`)
    t.same(inOrder(alone.deals!.map(row => dealOf(row, variant))), inOrder(dealsIn(ledger)), 'deals')
    t.same(
      inOrder(variant.pairs(alone).map(pair => pair.map(Number))),
      inOrder(deals.flatMap(deal => deal.contact_ids.map(id => [Number(deal.deal_id), Number(id)]))),
      'who is in which deal',
    )
    t.ok(alone.owners!.length > 1)
    t.ok(asked.some(line => variant.asked.test(line)))

    const target = new Target()
    const reading = settings(program!, config, { env: environment, streams, catalog_option: catalogOption })
    const records = (stream: string): Row[] =>
      target.rows.flatMap(row => (row.stream === stream && row.record ? [JSON.parse(row.record) as Row] : []))
    await target.read(reading)
    for (const stream of streams)
      t.same(records(stream), redacted(alone[stream]!), `${stream}, through the connector`)

    clock.at += 60_000_000
    simulator.catchUp()
    store.update('deals', Number(deals[0]!.deal_id), { amount: '1234.56' }, clock.at / 1000)
    const before = records('deals').length
    await target.read(reading)
    const again = records('deals').length - before
    t.ok(again > 0 && again < 10, `${again} deals the second time`)
    const table = new Map(records('deals').map(row => [String(row[variant.dealId]), dealOf(row, variant)]))
    t.same(inOrder([...table.values()]), inOrder(dealsIn(ledger)), 'all deals, and the one that has changed')
  })
}

const { program, missing } = await fetchedTap(MELTANO_TAP_HUBSPOT)
const skip = missing || (hostsMissing() ?? false)

t.test(
  'a refresh token that HubSpot does not know is refused, and the connector says so',
  { skip },
  async t => {
    const { simulator } = await house(t, { people: 3, deals: 1 })
    const { environment: env } = await answerHosts(t, { 'api.hubapi.com': simulator.url })
    const { base_url: _, ...app } = simulator.config()
    const reading = settings(program!, { ...app, refresh_token: 'of-nobody' }, { env, streams: ['owners'] })
    t.match(await failure(new Target().read(reading)), {
      kind: 'auth',
      lack: 'credentials',
      message: /access token/,
    })
  },
)
