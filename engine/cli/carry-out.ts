import { operations } from '../ops/index.ts'
import { owner } from '../owner/lock.ts'
import { askOne, contextOf } from './ask.ts'
import type { DataOptions, Session } from './kit/index.ts'
import { type MakeApplication, observe, openData, settingsOf, usesKafka } from './open.ts'
import { running } from './running.ts'

/**
 * An operation whose answer comes from a task: of the engine that runs, or of one that runs here until all that
 * follows from it is in the warehouse.
 */
export async function carryOut<T>(
  make: MakeApplication,
  options: DataOptions,
  session: Session,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<T> {
  const settings = settingsOf(options)
  if (owner(settings.dataDir) || usesKafka(settings)) return askOne<T>(make, options, session, name, args)
  const data = await openData(make, settings, `stratum ${name}`, observe(null))
  const engine = await running(data.stores)
  try {
    await engine.start()
    const work = operations[name]!(contextOf(data.stores, engine), args, session.signal) as Promise<T>
    const result = await Promise.race([work, engine.failure])
    await engine.drain(session.signal)
    return result
  } finally {
    await engine.stop()
    await data.close()
  }
}
