export type ObjectName = 'Opportunity' | 'OpportunityHistory' | 'OpportunityContactRole' | 'Lead' | 'Contact'

export type Value = string | number | boolean | null
/** A row by the names of its fields; times are ISO texts, as the API gives them. */
export type Fields = Readonly<Record<string, Value>>

export interface StoredRow {
  readonly Id: string
  fields: Fields
}

const PREFIX: Readonly<Record<ObjectName, string>> = {
  Opportunity: '006',
  OpportunityHistory: '008',
  OpportunityContactRole: '00K',
  Lead: '00Q',
  Contact: '003',
}

/** Fields that a query may name, by the object; those of the system are in all of them. */
export const FIELDS: Readonly<Record<ObjectName, readonly string[]>> = {
  Opportunity: ['Name', 'StageName', 'Amount', 'CloseDate', 'IsClosed', 'IsWon', 'OwnerId', 'Probability'],
  OpportunityHistory: ['OpportunityId', 'StageName', 'Amount', 'CloseDate', 'Probability'],
  OpportunityContactRole: ['OpportunityId', 'ContactId', 'IsPrimary', 'Role'],
  Lead: [
    'Email',
    'Phone',
    'MobilePhone',
    'LastName',
    'Status',
    'LeadSource',
    'OwnerId',
    'Description',
    'GCLID__c',
    'TTCLID__c',
  ],
  Contact: [
    'Email',
    'Phone',
    'MobilePhone',
    'LastName',
    'LeadSource',
    'OwnerId',
    'Description',
    'GCLID__c',
    'TTCLID__c',
  ],
}
export const SYSTEM = ['Id', 'CreatedDate', 'SystemModstamp', 'LastModifiedDate', 'IsDeleted']

/** A time as Salesforce writes it. @param ms epoch milliseconds */
export const stamp = (ms: number): string => new Date(ms).toISOString()

/** The rows of a simulated organisation. */
export class SalesforceStore {
  readonly #rows = new Map<ObjectName, Map<string, StoredRow>>()
  #made = 0

  all(object: ObjectName): IterableIterator<StoredRow> {
    return this.#of(object).values()
  }

  get(object: ObjectName, id: string): StoredRow | undefined {
    return this.#of(object).get(id)
  }

  create(object: ObjectName, fields: Fields, ms: number): StoredRow {
    const Id = `${PREFIX[object]}5f${(++this.#made).toString(36).toUpperCase().padStart(10, '0')}AAA`
    const times = { CreatedDate: stamp(ms), SystemModstamp: stamp(ms), LastModifiedDate: stamp(ms) }
    const row = { Id, fields: { ...fields, Id, ...times, IsDeleted: false } }
    this.#of(object).set(Id, row)
    return row
  }

  update(object: ObjectName, id: string, fields: Fields, ms: number): StoredRow {
    const row = this.#of(object).get(id)
    if (!row) throw new RangeError(`there is no ${object} ${id}`)
    row.fields = { ...row.fields, ...fields, SystemModstamp: stamp(ms), LastModifiedDate: stamp(ms) }
    return row
  }

  /** Into the recycle bin: only `queryAll` sees it. */
  remove(object: ObjectName, id: string, ms: number): void {
    this.update(object, id, { IsDeleted: true }, ms)
  }

  /** Writes stage, amount or date of an opportunity, with the row that its history gets. */
  change(id: string, fields: Fields, ms: number): void {
    const { fields: now } = this.update('Opportunity', id, fields, ms)
    this.#remember(id, now, ms)
  }

  open(fields: Fields, ms: number): StoredRow {
    const row = this.create('Opportunity', fields, ms)
    this.#remember(row.Id, row.fields, ms)
    return row
  }

  #remember(OpportunityId: string, now: Fields, ms: number): void {
    const { StageName = null, Amount = null, CloseDate = null } = now
    this.create('OpportunityHistory', { OpportunityId, StageName, Amount, CloseDate }, ms)
  }

  #of(object: ObjectName): Map<string, StoredRow> {
    let rows = this.#rows.get(object)
    if (!rows) {
      rows = new Map()
      this.#rows.set(object, rows)
    }
    return rows
  }
}
