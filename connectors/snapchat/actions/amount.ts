import { configError } from '../../../plugins/errors.ts'

/** Amounts go to the platform as they are: micros of the account's currency. @throws config */
export function checkAmount(micros: number, currency: string, accounts: string, path: string): void {
  if (currency !== accounts)
    throw configError(`${currency} is not the currency of the account: it is ${accounts}`, '/currency')
  if (!Number.isSafeInteger(micros) || micros <= 0)
    throw configError(`${micros} is no whole number of micros above 0`, path)
}
