import { lag } from './lag.ts'
import type { Operation } from './operation.ts'
import { pause, resume } from './pause.ts'
import { query } from './query.ts'
import { tap } from './tap.ts'
import { top } from './top.ts'
import { topics } from './topics.ts'

export const operations: Readonly<Record<string, Operation>> = {
  query,
  tap,
  topics,
  lag,
  top,
  pause,
  resume,
}
