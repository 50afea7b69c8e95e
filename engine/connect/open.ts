import type { Clock } from '../clock/clock.ts'
import type { Catalogue } from '../store/catalogue/port.ts'
import { Connections } from './connections.ts'
import { Locks } from './locks.ts'
import { Vault } from './vault.ts'

/** What work on connections needs. */
export interface ConnectStores {
  readonly catalogue: Catalogue
  readonly vault: Vault
  readonly connections: Connections
  readonly locks: Locks
}

/** @param keys as of `Vault.of` @throws StratumError CONFIG_INVALID: a key is none */
export function openConnect(catalogue: Catalogue, keys: string | undefined, clock: Clock): ConnectStores {
  const vault = Vault.of(keys)
  return {
    catalogue,
    vault,
    connections: new Connections(catalogue, vault, clock),
    locks: new Locks(catalogue),
  }
}
