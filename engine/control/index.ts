/** How one command asks the engine that runs on a data directory. */
export type { Op } from './answer.ts'
export { askControl, type CallOptions, callControl, NoEngine } from './client.ts'
export { type Control, type Ops, serveControl } from './server.ts'
