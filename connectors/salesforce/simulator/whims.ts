import type { Refused } from './answers.ts'
import type { Fields } from './store.ts'

export interface OrderedFault {
  readonly path: RegExp
  readonly error: Refused
}

/** What the platform may do one day: faults to order. */
export class Whims {
  requests = 0
  /** Answers in place of the next ones at their paths. */
  readonly faults: OrderedFault[] = []
  /** Objects that the user may not see any more. */
  readonly hidden = new Set<string>()
  /** Fields that the user may not see. */
  readonly hiddenFields = new Set<string>()
  /** Nothing is found. */
  isEmpty = false
  /** A page begins with the last rows of the one before. */
  repeats = false
  drift: 'added' | 'retyped' | 'missing' | null = null

  /** A page as it is shown since the platform has changed. */
  spoilt(
    columns: readonly string[],
    rows: readonly Fields[],
  ): { columns: readonly string[]; rows: readonly Fields[] } {
    switch (this.drift) {
      case null:
        return { columns, rows }
      case 'added':
        return {
          columns: [...columns, 'Brand_New__c'],
          rows: rows.map(row => ({ ...row, Brand_New__c: 'x' })),
        }
      case 'retyped':
        // Times as other parts of the API write them, and numbers with an exponent.
        return {
          columns,
          rows: rows.map(row => ({ ...row, CreatedDate: String(row.CreatedDate).replace('Z', '+0000') })),
        }
      case 'missing': {
        const gone = ['OwnerId', 'Name', 'LeadSource']
        return { columns: columns.filter(name => !gone.includes(name)), rows }
      }
    }
  }
}
