import { deterministicId } from '../../engine/codec/ids.ts'
import type { Command } from '../../engine/command/command.ts'
import { stage } from '../../engine/stage/stage.ts'
import { bodyOf } from '../commands/body.ts'
import { PLATFORM_OF_SOURCE } from '../signals/platform.ts'
import { platformConnectionSetKind } from './kinds.ts'
import { type Connections, takeState } from './model.ts'

/**
 * Which platforms of a tenant can be used, as its connections are told of: credentials that have ended, a connection that
 * is paused or gone. A platform that nobody ever told of counts as connected: its figures came in a file.
 */
export const connections = stage({
  name: 'connections',
  version: 1,
  key: (c: Command) => [c.tenant_id],
  state: { version: 1, empty: (): Connections => ({}) },
  on: {
    command(state: Connections, command: Command, ctx) {
      if (command.command !== 'connection.state' || command.role !== 'SYSTEM') return ctx.unchanged()
      const { name, source, state: said } = bodyOf(command) ?? {}
      const platform = typeof source === 'string' ? PLATFORM_OF_SOURCE[source] : undefined
      if (platform === undefined || typeof name !== 'string' || typeof said !== 'string')
        return ctx.unchanged()
      const connection = takeState(state, platform, name, said)
      if (connection === null) return
      const { tenant_id, event_id, event_time, ingest_time } = command
      ctx.hand(platformConnectionSetKind, {
        ...{ tenant_id, event_time, ingest_time, platform, connection },
        event_id: deterministicId(tenant_id, event_id, 'connection'),
      })
    },
  },
})
