import { messageOf } from '../../../../errors.ts'
import type { SourceContext } from '../../../context.ts'
import type { Delivery, Received } from '../../../delivery.ts'
import type { StreamSpec } from '../../../port.ts'
import type { Bench } from '../../bench.ts'
import { wrongly } from '../../describe.ts'
import type { Lab } from '../../lab.ts'
import { count, failed } from '../../result.ts'

/** A delivery that must not count: the sender is told that he is not who he should be. */
export function refused(
  bench: Bench,
  delivery: Delivery,
  what: string,
  over: Partial<SourceContext> = {},
): void {
  let received: Received
  try {
    received = bench.receive(delivery, over)
  } catch (error) {
    const problem = wrongly(error, ['credentials', 'auth without a word of what is missing'])
    if (problem) failed(`${what}: ${problem}`)
    return
  }
  const rows = received.batches.reduce((sum, { records }) => sum + records.length, 0)
  failed(`${what} is taken (${rows === 0 ? 'without a record' : `with ${count(rows, 'record')}`})`)
}

/** A delivery that must count. */
export function taken(
  bench: Bench,
  delivery: Delivery,
  what: string,
  over: Partial<SourceContext> = {},
): Received {
  try {
    return bench.receive(delivery, over)
  } catch (error) {
    return failed(`${what} is refused: ${messageOf(error)}`)
  }
}

/** The stream that a delivery gives records of. */
export function declared(lab: Lab, name: string): StreamSpec {
  const stream = lab.source.streams.find(spec => spec.name === name)
  return stream ?? failed(`a delivery gives records of ${name}, which is not declared`)
}
