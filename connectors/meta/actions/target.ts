import { configError, fatalError } from '../../../plugins/errors.ts'
import { MoneyError } from '../../../plugins/money/index.ts'
import type { Account } from '../api/account.ts'
import type { Level } from '../api/statuses.ts'
import { isInvalid, isMissing, notThere } from '../api/trouble.ts'
import type { Context } from '../context.ts'
import { BadRow, id, type Json } from '../fields.ts'
import { toMinor } from '../money.ts'
import { accountIds } from '../settings.ts'

/** A level by its name, and a field that the other levels have not. */
const LEVELS: Readonly<Record<Level, { readonly word: string; readonly field: string }>> = {
  campaign: { word: 'campaign', field: 'objective' },
  adset: { word: 'ad set', field: 'optimization_goal' },
  ad: { word: 'ad', field: 'adset_id' },
}

export interface Target {
  readonly row: Json
  readonly account: Account
}

/**
 * An object, and the account it is of.
 * @throws fatal: there is none; config: it is of another level, or of an account that is none of this connection's
 */
export async function targetOf(
  context: Context,
  level: Level,
  objectId: string,
  fields: string,
): Promise<Target> {
  const { client, config } = context
  if (!/^\d+$/.test(objectId)) throw configError(`'${objectId.slice(0, 40)}' is no id of Meta's`, '/id')
  // Any of the connection's accounts may be asked through: only the object says whose it is.
  const first = accountIds(config)[0]!
  const row = await client
    .of(first)
    .get<Json>(objectId, { fields: `id,account_id,${LEVELS[level].field},${fields}` })
    .catch((error: unknown) => {
      const { word } = LEVELS[level]
      if (isInvalid(error) && !isMissing(error)) throw configError(`${objectId} is no ${word}`, '/id')
      throw notThere(word, objectId, error)
    })
  const owner = readable(() => id(row, 'account_id'))
  if (owner === null || !accountIds(config).includes(owner))
    throw configError(`${objectId} is of ad account ${owner}, which is none of this connection's`, '/id')
  return { row, account: await client.account(owner) }
}

/** Writes fields of an object. What is in force is read back afterwards, so it is not sent twice. */
export async function change(
  { client }: Context,
  account: string,
  objectId: string,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  await client.of(account).ask({ method: 'POST', path: objectId, form: fields, idempotent: false })
}

/** An amount as Meta takes it. @throws config */
export function amount(micros: number, currency: string, accounts: string, path: string): string {
  if (currency !== accounts)
    throw configError(`${currency} is not the currency of the account: it is ${accounts}`, '/currency')
  if (!(micros > 0)) throw configError(`${micros} is not above 0`, path)
  try {
    return String(toMinor(micros, currency))
  } catch (error) {
    if (error instanceof MoneyError) throw configError(error.message, path)
    throw error
  }
}

/** @throws fatal: the answer cannot be read */
export function readable<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof BadRow) throw fatalError(`Meta's answer cannot be read: ${error.message}`)
    throw error
  }
}
