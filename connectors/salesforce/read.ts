import type { SliceContext } from '../../plugins/contract.ts'
import type { HttpClient } from '../../plugins/http/index.ts'
import type { ContactRecord } from '../../plugins/records/contact.ts'
import type { DealRecord, DealStageRecord } from '../../plugins/records/deal.ts'
import { made, type Row } from '../../plugins/rows/index.ts'
import type { PageOfRecords } from '../../plugins/sync/drive.ts'
import { byTime, type TimeSlice } from '../../plugins/sync/index.ts'
import { currencyOf } from './currency.ts'
import { fieldsOf, visible } from './describe.ts'
import { allResults, type Place, results, type Salesforce } from './job.ts'
import { OPPORTUNITY_FIELDS, opportunityOf, opportunityQueries } from './opportunity.ts'
import { PERSON_FIELDS, PERSONAL, personOf } from './person.ts'
import { NO_ROLES, rolesOf } from './roles.ts'
import { clickIdsOf, type Settings } from './settings.ts'
import { select, within } from './soql.ts'
import { entries, historyOf, type LastStage, stagesQuery } from './stage.ts'

type Slice = SliceContext<Settings, HttpClient, TimeSlice>
type Pages<R> = AsyncGenerator<PageOfRecords<R>>

/** A transaction may commit minutes after the time that its rows have. */
export const changes = (field: string) => byTime<Salesforce>(field, { lookBack: 600_000, lag: 15_000 })

const MULTI = 'CurrencyIsoCode'

export async function* readOpportunities(context: Slice): Pages<DealRecord> {
  const { client, slice, from } = context
  const isMulti = (await fieldsOf(context, 'Opportunity')).has(MULTI)
  const currency = isMulti ? null : await currencyOf(context)
  const fields = await visible(context, 'Opportunity', [...OPPORTUNITY_FIELDS, ...(isMulti ? [MULTI] : [])])
  const queries = opportunityQueries(slice).map(where => ({
    operation: 'queryAll' as const,
    soql: select(fields, 'Opportunity', where),
  }))
  for await (const { rows, next } of allResults(context, queries, from)) {
    const roles = await rolesOf(
      client,
      rows.map(row => String(row.Id)),
    )
    const record = (row: Row) => opportunityOf(row, roles.get(String(row.Id)) ?? NO_ROLES, currency)
    yield { ...made(rows, record, { origin: originOf('Opportunity') }), next }
  }
}

export async function* readPeople(object: 'Lead' | 'Contact', context: Slice): Pages<ContactRecord> {
  const clickIds = clickIdsOf(context.config)
  const fields = await visible(context, object, PERSON_FIELDS[object], clickIds)
  const soql = select(fields, object, within(context.slice))
  const options = { origin: originOf(object), personal: PERSONAL }
  for await (const { rows, next } of results(context, { operation: 'queryAll', soql }, context.from))
    yield { ...made(rows, row => personOf(row, clickIds), options), next }
}

export async function* readStages(context: Slice): Pages<DealStageRecord> {
  const { slice, from } = context
  const place = from as (Place & Partial<LastStage>) | null
  let last: LastStage | null = place?.deal ? { deal: place.deal, stage: place.stage! } : null
  const query = { operation: 'query', soql: stagesQuery(slice) } as const
  for await (const { rows, next } of results(context, query, from)) {
    const { records: history, rejected } = made(rows, historyOf, { origin: originOf('OpportunityHistory') })
    const entered = entries(history, last)
    last = entered.last
    yield { records: entered.records, rejected, next: next === null ? null : { ...next, ...last } }
  }
}

const originOf = (object: string) => (row: Row) => `${object} ${row.Id ?? '(without an Id)'}`

const OBJECTS = ['Opportunity', 'OpportunityHistory', 'OpportunityContactRole', 'Lead', 'Contact']

/** @throws the client's error: credentials, a right, an outage */
export async function check(context: Salesforce): Promise<void> {
  clickIdsOf(context.config)
  for (const object of OBJECTS) await fieldsOf(context, object)
}
