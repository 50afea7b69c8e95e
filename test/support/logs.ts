import type { Scheduler } from 'fast-check'
import type { CommitUnit, EventLog, LogWriter } from '../../engine/log/port.ts'

/** The log with another way to open writers. */
function withWriter(log: EventLog, writer: (group: string) => Promise<LogWriter>): EventLog {
  return new Proxy(log, {
    get(target, name) {
      if (name === 'writer') return writer
      const member = Reflect.get(target, name) as unknown
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

/** The log with another commit. */
export function withCommit(
  log: EventLog,
  commit: (own: LogWriter, unit: CommitUnit) => Promise<void>,
): EventLog {
  return withWriter(log, async group => {
    const own = await log.writer(group)
    return { group, commit: unit => commit(own, unit), close: () => own.close() }
  })
}

/** The log, and how many writers have been opened through it. */
export function counted(log: EventLog): { log: EventLog; writers: () => number } {
  let writers = 0
  const counting = withWriter(log, group => {
    writers++
    return log.writer(group)
  })
  return { log: counting, writers: () => writers }
}

/** The log as a process of its own has it: what others do may come before and after each of its steps. */
export function stepped(log: EventLog, s: Scheduler): EventLog {
  const step = (name: string) => s.schedule(Promise.resolve(), name)
  const through = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    await step(name)
    const done = await work()
    await step(`${name} done`)
    return done
  }
  const writing = withWriter(log, group =>
    through('writer', async () => {
      const own = await log.writer(group)
      return { group, commit: unit => through('commit', () => own.commit(unit)), close: () => own.close() }
    }),
  )
  return new Proxy(writing, {
    get(target, name) {
      if (name === 'read')
        return (...args: Parameters<EventLog['read']>) => through('read', () => log.read(...args))
      return Reflect.get(target, name) as unknown
    },
  })
}
