import type { RejectedRow } from '../../../plugins/contract.ts'
import type { TapRecord } from '../record.ts'

/** A line of the tap that is handed on. */
export type Entry = { readonly row: TapRecord } | { readonly rejected: RejectedRow }
