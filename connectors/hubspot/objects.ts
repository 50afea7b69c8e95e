import type { Row } from '../../plugins/rows/index.ts'

/** An object of the CRM as the API gives it (platforms.md §6.2): property values are text or null. */
export interface CrmObject {
  readonly id: string
  readonly properties: Row
  readonly propertiesWithHistory?: Readonly<Record<string, readonly Version[] | undefined>>
  readonly createdAt?: string
  readonly updatedAt?: string
  readonly archived?: boolean
  readonly archivedAt?: string
  readonly associations?: Readonly<
    Record<string, { readonly results: readonly { readonly id: string }[] } & Paged>
  >
}

/** A value that a property had, newest first. */
export interface Version {
  readonly value: string
  readonly timestamp: string
}

export interface Paged {
  readonly paging?: { readonly next?: { readonly after: string } }
}

export interface Listed extends Paged {
  readonly results: readonly CrmObject[]
}

/** A kind of object, and what is read of it. */
export interface ObjectKind {
  readonly path: 'contacts' | 'deals'
  /** The property that says when it last changed: another on contacts than on everything else. */
  readonly modified: 'lastmodifieddate' | 'hs_lastmodifieddate'
  readonly properties: readonly string[]
  /** Properties whose earlier values are read as well. */
  readonly history?: readonly string[]
  readonly associations?: readonly string[]
}

export const pathOf = (kind: Pick<ObjectKind, 'path'>, rest = ''): string =>
  `crm/v3/objects/${kind.path}${rest}`
