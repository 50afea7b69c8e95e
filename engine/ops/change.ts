import { plan as changesOf } from '../runtime/plan.ts'
import { prepare } from '../runtime/prepare.ts'
import type { Change } from '../sink/plan.ts'
import { usage } from './args.ts'
import type { Operation } from './operation.ts'

const names = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

const row = ({ what, name, action, loss, detail }: Change) => ({
  what,
  name,
  action,
  loses_rows: loss,
  detail,
})

/** What this release would change in a data directory. */
export const plan: Operation = async (context, args) =>
  (await changesOf(context.stores, await context.warehouse(), names(args.lose))).map(row)

/** Does it. A table that is made anew fills from the log at the next start. */
export const apply: Operation = async (context, args) => {
  if (context.engine)
    throw usage(
      'an engine runs on this data directory, so nothing is left to apply: stop it first to use --lose',
    )
  const how = { apply: true, lose: names(args.lose) }
  return (await prepare(context.stores, await context.warehouse(), how)).map(row)
}
