import { StratumError } from '../errors.ts'
import { textArg, usage } from './args.ts'
import type { Operation } from './operation.ts'
import { recordsOf } from './records.ts'

/** A decision of the log once more, from its record. @throws NOT_FOUND */
export const replayDecision: Operation = async ({ stores }, args, signal) => {
  const id = textArg(args, 'decision')
  if (id === undefined) throw usage('say which decision')
  const spec = stores.app.decisions
  if (!spec) throw new StratumError('NOT_FOUND', 'this release decides nothing')
  let found: object | null = null
  for await (const { kind, value } of recordsOf<Readonly<Record<string, unknown>>>(
    stores,
    spec.topic,
    signal,
  ))
    if (kind === spec.kind && value[spec.id] === id) found = value
  if (found === null)
    throw new StratumError(
      'NOT_FOUND',
      `there is no decision ${id}: \`stratum query "SELECT decision_id, outcome, entity FROM decisions ORDER BY evaluated_at DESC LIMIT 20"\` shows the latest`,
    )
  return spec.again(found as never)
}
