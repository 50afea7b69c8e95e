import { StratumError } from '../errors.ts'
import type { Operation } from './operation.ts'

/** Asks the application to check its audit log. @throws NOT_FOUND: it keeps none */
export const verifyAudit: Operation = (context, args, signal) => {
  const { audit } = context.stores.app
  if (!audit) throw new StratumError('NOT_FOUND', 'this release keeps no audit log')
  return audit(context, args, signal)
}
