import { appending } from './event-log/append.ts'
import { cleaning } from './event-log/clean.ts'
import { committing } from './event-log/commit.ts'
import { modelled } from './event-log/model.ts'
import { reading } from './event-log/read.ts'
import { state } from './event-log/state.ts'
import type { Subject, Test } from './event-log/subject.ts'
import { topics } from './event-log/topics.ts'

export type { Stored, Subject, Test } from './event-log/subject.ts'

/**
 * What every implementation of the EventLog port (`engine/log/port.ts`) must do. An implementation is tested by
 * calling this with a subject: `test/engine/log/lmdb/contract.test.ts` shows how.
 */
export function eventLogContract(t: Test, subject: Subject): void {
  topics(t, subject)
  appending(t, subject)
  reading(t, subject)
  committing(t, subject)
  state(t, subject)
  cleaning(t, subject)
  modelled(t, subject)
}
