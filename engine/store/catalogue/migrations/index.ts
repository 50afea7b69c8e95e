import type { Migration } from '../port.ts'
import { tenants } from './0001-tenants.ts'
import { connections } from './0002-connections.ts'

/** All steps, in order. A new one goes to the end, in a file of its own. */
export const MIGRATIONS: readonly Migration[] = [tenants, connections]
