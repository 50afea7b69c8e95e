import { resolve } from 'node:path'
import { StratumError } from '../errors.ts'
import { plan as changesOf } from '../runtime/plan.ts'
import { applyCatalogue, planCatalogue } from '../runtime/plan-catalogue.ts'
import { prepare } from '../runtime/prepare.ts'
import type { Change } from '../sink/plan.ts'
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
  [
    ...(await changesOf(context.stores, await context.warehouse(), names(args.lose))),
    ...(await planCatalogue(context.stores)),
  ].map(row)

/** Does it. A table that is made anew fills from the log at the next start. */
export const apply: Operation = async (context, args) => {
  if (context.engine)
    throw new StratumError(
      'DATA_DIR_IN_USE',
      `an engine (process ${process.pid}) runs on ${resolve(context.stores.options.dataDir)}: stop it, apply, start it again`,
    )
  const how = { apply: true, lose: names(args.lose) }
  // A catalogue of a newer release refuses before anything is changed.
  await planCatalogue(context.stores)
  const changes = await prepare(context.stores, await context.warehouse(), how)
  return [...changes, ...(await applyCatalogue(context.stores))].map(row)
}
