/** What a connector is written with. Parts for HTTP, cursors, money and simulators are in folders of their own. */
export { type ActionContext, type ActionDefinition, action } from './actions/action.ts'
export { BidParams, BudgetParams, StatusParams } from './actions/params.ts'
export * from './contract.ts'
export {
  authError,
  ConnectorError,
  configError,
  fatalError,
  messageOf,
  PayloadError,
  permissionError,
  RetryableError,
} from './errors.ts'
export * from './schema.ts'
