import { type Cursor, type EachState, each, type PartSlice } from '../../../plugins/sync/index.ts'
import type { Account } from '../api/account.ts'
import type { Context } from '../context.ts'

/** A stream that is read account by account, each with a cursor of its own. */
export const byAccount = <Slice, State>(
  field: string | null,
  cursor: (account: Account) => Cursor<Slice, State, Context>,
): Cursor<PartSlice<Account, Slice>, EachState<State>, Context> =>
  each(field, {
    parts: ({ client }: Context) => client.accounts(),
    key: account => account.id,
    cursor,
  })
