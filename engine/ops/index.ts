import type { Operation } from './operation.ts'
import { query } from './query.ts'

export const operations: Readonly<Record<string, Operation>> = { query }
