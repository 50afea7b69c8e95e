import type { Command } from '../../../engine/command/command.ts'
import { stage } from '../../../engine/stage/stage.ts'
import type { Application } from '../../../engine/stage/topology.ts'
import { answer } from '../../../pipelines/commands/answer.ts'
import { PLATFORMS } from '../../../pipelines/signals/platform.ts'
import { platformGateKind } from '../../../pipelines/trust/handed.ts'
import type { Components } from '../../../pipelines/trust/model/composite.ts'
import { decide } from '../../../pipelines/trust/model/gate/decision.ts'
import { policyFor } from '../../../pipelines/trust/settings/policies.ts'
import { command } from '../commands.ts'
import type { Told } from '../row.ts'

export const GATE = 'test.gate'
export const GOOD: Components = { emq: 90, freshness: 100, variance: 90, anomaly: 90 }

/** The gates of all platforms, as if trust had found these scores and had been open before. */
export const gate = (time: number, components: Partial<Components> = {}): Told =>
  command(GATE, { ...GOOD, ...components }, { event_time: time, ingest_time: time })

/** A stage before the autopilot that hands what `gate` says. */
export const gates = stage({
  name: 'test-gates',
  version: 1,
  on: {
    command(_state: unknown, told: Command, ctx) {
      const { command: name, body, tenant_id, event_id, event_time: now, ingest_time } = told
      if (name !== GATE) return
      answer(told, { code: null, message: 'handed', body: {} }, ctx)
      const components = JSON.parse(body) as Components
      const measured = {
        emq: { value: components.emq },
        freshness: { value: components.freshness, sources: [{ name: 'spend', value: components.freshness }] },
        variance: { value: components.variance },
        anomaly: { value: components.anomaly, metrics: { spend: { value: components.anomaly } } },
      }
      const operations = {
        kill_switch: false,
        connection: 'CONNECTED',
        evaluated_at: now,
        breaker: 'CLOSED',
      } as const
      const before = { level: 'PASS', evaluated_at: now - 60_000_000, better_since: null, better: 0 } as const
      const histories = { risk_increasing: before, protective: before }
      for (const platform of PLATFORMS) {
        const of = (scope: 'all' | 'delivery') =>
          decide(platform, scope, measured as never, operations, histories, now, policyFor(0, '{}'))
        ctx.hand(platformGateKind, {
          ...{ tenant_id, event_time: now, ingest_time, platform },
          event_id: `${event_id}-${platform}`,
          settings: { version: 0, text: '{}' },
          decisions: { all: of('all'), delivery: of('delivery') },
        })
      }
    },
  },
})

export const withGate = (app: Application): Application => ({
  ...app,
  tasks: app.tasks.map(task =>
    task.name !== 'tenant'
      ? task
      : { ...task, stages: task.stages.flatMap(one => (one.name === 'autopilot' ? [gates, one] : [one])) },
  ),
})
