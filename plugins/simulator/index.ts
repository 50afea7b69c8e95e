/** What a simulated platform is made of. */
export { type EntityChange, EntityChanges } from './entities.ts'
export { PlatformLimits } from './limits.ts'
export { type IssuedTokens, TokenIssuer } from './oauth.ts'
export { type Chance, chance } from './random.ts'
export { type PlatformTime, type SimulatorServer, serve } from './server.ts'
