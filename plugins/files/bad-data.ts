import { ConnectorError, type PayloadError } from '../errors.ts'

/** Is it the data that is bad? `instanceof PayloadError` is true of every kind of connector error. */
export const isBadData = (error: unknown): error is PayloadError =>
  error instanceof ConnectorError && error.kind === 'payload'
