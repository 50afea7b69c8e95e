import { StratumError } from '../errors.ts'
import { topicName } from '../stage/layout.ts'
import { textArg, usage } from './args.ts'
import type { Operation } from './operation.ts'

/** A decision of the log once more, from its record. @throws NOT_FOUND */
export const replayDecision: Operation = async ({ stores }, args, signal) => {
  const id = textArg(args, 'decision')
  if (id === undefined) throw usage('say which decision')
  const { app, log, codec, layout } = stores
  const spec = app.decisions
  if (!spec) throw new StratumError('NOT_FOUND', 'this release decides nothing')
  const topic = topicName(spec.topic)
  const reader = codec.reader()
  let found: object | null = null
  for (let partition = 0; partition < layout.partitions(topic); partition++) {
    let { start: at, end } = await log.bounds(topic, partition)
    while (at < end) {
      signal.throwIfAborted()
      const batch = await log.read(topic, partition, at)
      if (!batch) break
      await reader.ready(batch.records)
      for (const { value } of batch.records) {
        if (value === null) continue
        const { kind, value: said } = reader.decode(value)
        if (kind === spec.kind && (said as Record<string, unknown>)[spec.id] === id) found = said as object
      }
      at = batch.next
    }
  }
  if (found === null)
    throw new StratumError(
      'NOT_FOUND',
      `there is no decision ${id}: \`stratum query "SELECT decision_id, outcome, entity FROM decisions ORDER BY evaluated_at DESC LIMIT 20"\` shows the latest`,
    )
  return spec.again(found as never)
}
