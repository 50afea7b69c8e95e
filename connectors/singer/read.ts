import type { StreamContext } from '../../plugins/contract.ts'
import { catalogFor, textOfCatalog } from './catalogue/index.ts'
import { NotRepeated } from './hold/again.ts'
import { Hold, type TapBatch } from './hold/hold.ts'
import { type Position, positionOf } from './hold/position.ts'
import { Lines } from './messages/lines.ts'
import { Output } from './messages/output.ts'
import { depersonaliserOf } from './messages/personal.ts'
import { Schemas } from './messages/schemas.ts'
import { checkSettings, type Settings } from './settings.ts'
import { troubleOf } from './tap/ending.ts'
import { type RunningTap, Tap } from './tap/launch.ts'

/** What is covered waits so long for more, so that a busy tap makes large batches. Milliseconds. */
const LINGER_MS = 100
/** A longer line is rejected. Bytes. */
const LINE_MAX = 64 << 20

/** All that the tap sends from a position on. A tap that does not repeat itself is read again from its state. */
export async function* readTap(context: StreamContext<Settings, Position>): AsyncGenerator<TapBatch> {
  const { config, signal, notice } = context
  checkSettings(config)
  let from = positionOf(context.state)
  const tap = await Tap.prepare({ config, signal, notice })
  try {
    const catalog = textOfCatalog(await catalogFor(tap, config, signal))
    for (;;)
      try {
        yield* run(tap, from, await tap.sync(from.tap, catalog), context)
        return
      } catch (error) {
        if (!(error instanceof NotRepeated)) throw error
        notice(`${tap.name} did not send what it had sent behind its last state: it is read again from there`)
        from = { ...from, again: null }
      }
  } catch (error) {
    // An abort is no error, whatever it broke off.
    if (!signal.aborted) throw error
  } finally {
    await tap.close()
  }
}

async function* run(
  tap: Tap,
  from: Position,
  { child, stderr }: RunningTap,
  { config, signal, notice }: StreamContext<Settings, Position>,
): AsyncGenerator<TapBatch> {
  const hold = new Hold(from)
  const output = new Output({
    tap: tap.name,
    hold,
    schemas: new Schemas({ validate: config.validate, notice }),
    depersonalise: depersonaliserOf(config.personal),
    redact: tap.redact,
    notice,
  })
  const lines = new Lines(LINE_MAX)
  try {
    for await (const chunk of lingering(child.stdout, () => hold.isCovered)) {
      if (chunk !== null) for (const line of lines.push(chunk)) output.line(line)
      for (let batch = hold.take(chunk === null); batch !== null; batch = hold.take(false)) yield batch
    }
    const trouble = troubleOf(tap.name, await child.ended, stderr.last)
    if (signal.aborted) return
    if (trouble !== null) {
      const covered = hold.take(true)
      if (covered !== null) yield covered
      throw trouble
    }
    for (const line of lines.end()) output.line(line)
    const last = hold.end()
    if (last !== null) yield last
    if (hold.lastState === null && hold.sequence > from.sequence)
      notice(`${tap.name} sent no STATE: the next run reads everything again`)
  } finally {
    await child.stop()
  }
}

/** The chunks of a stream as they come, and null when none has come for a moment while something waits. */
async function* lingering(
  stream: AsyncIterable<Buffer>,
  waits: () => boolean,
): AsyncGenerator<Buffer | null> {
  const chunks = stream[Symbol.asyncIterator]()
  let next = chunks.next()
  for (;;) {
    const chunk = waits() ? await orNull(next, LINGER_MS) : await next
    if (chunk === null) yield null
    else if (chunk.done) return
    else {
      next = chunks.next()
      // Whoever stops reading does not wait for it.
      next.catch(() => {})
      yield chunk.value
    }
  }
}

async function orNull<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>(resolve => {
    timer = setTimeout(resolve, ms, null)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
