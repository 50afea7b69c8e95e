import { type Cursor, type EachState, each, type PartSlice } from '../../../plugins/sync/index.ts'
import type { Customer } from '../api/customer.ts'
import type { Context } from '../context.ts'

/** A stream that is read account by account, each with a cursor of its own. */
export const byCustomer = <Slice, State>(
  field: string | null,
  cursor: (customer: Customer) => Cursor<Slice, State, Context>,
): Cursor<PartSlice<Customer, Slice>, EachState<State>, Context> =>
  each(field, {
    parts: ({ client }: Context) => client.customers(),
    key: customer => customer.id,
    cursor,
  })
