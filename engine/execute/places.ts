import { validate } from '../config/index.ts'
import { type Connection, logName } from '../connect/connections.ts'
import { KeptTokens } from '../connect/kept-tokens.ts'
import type { Stores } from '../runtime/stores.ts'
import { type SourceContext, sourceContext } from '../source/context.ts'
import type { Source, SourceConfig } from '../source/port.ts'
import type { ActionView } from './action.ts'

/** Where an action is carried out. */
export interface Place {
  readonly source: Source
  /** Its name in the log. */
  readonly connection: string
  context(signal: AbortSignal): SourceContext
}

export type PlaceOf = (action: ActionView) => Promise<Place | null>

/**
 * Finds the tenant's connection that has the account of an action: with its credentials, its tokens and the limits it
 * shares with its syncs. null: there is none, it is paused, or it waits for somebody.
 */
export function placesOf(
  { app, options, connect, limiter }: Pick<Stores, 'app' | 'options' | 'connect' | 'limiter'>,
  notice: (connection: string, message: string) => void,
): PlaceOf {
  return async ({ tenant_id: tenant, platform, account_id }) => {
    const sources = app.sources.filter(source => source.platform === platform && source.actions.length > 0)
    if (sources.length === 0) return null
    const { catalogue, vault, locks, connections } = await connect()
    for (const connection of await connections.list(tenant)) {
      const source = sources.find(({ id }) => id === connection.source)
      if (!source || !isUsable(connection)) continue
      const whole = await connections.config(connection)
      const config = validate(source.spec, whole, `configuration of ${source.id}`) as SourceConfig
      if (!source.accounts(config).includes(account_id)) continue
      const name = logName(connection)
      const shared = await limiter()
      return {
        source,
        connection: name,
        context: signal =>
          sourceContext({
            config,
            signal,
            clock: options.clock,
            limiter: shared,
            tokens: new KeptTokens(catalogue, vault, locks, connection, signal),
            notice: message => notice(name, message),
          }),
      }
    }
    return null
  }
}

const isUsable = ({ isPaused, status }: Connection): boolean => !isPaused && status !== 'BLOCKED'
