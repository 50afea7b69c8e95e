import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { send } from '../command/send.ts'
import { ownedOf } from '../runtime/owned.ts'
import type { Running } from '../runtime/running.ts'
import { topicName } from '../stage/layout.ts'
import type { ExecutorSpec } from '../stage/topology.ts'
import { Approved } from './approved.ts'
import { clocksOf } from './deadline.ts'
import { Executor, type ExecutorEvent } from './executor.ts'
import { KillSwitchWatch } from './kill-switch.ts'
import { placesOf } from './places.ts'

export interface ExecutionOptions {
  readonly engine: Pick<Running, 'stores' | 'groups'>
  readonly spec: ExecutorSpec
  readonly concurrency?: number
  tell(event: ExecutorEvent | ExecutionNotice): void
}

export interface ExecutionNotice {
  readonly what: 'notice'
  readonly connection: string
  readonly message: string
}

/** The executor of a process: of the actions of the groups of partitions that it runs. */
export class Execution {
  readonly #executor: Executor
  readonly #killSwitch: KillSwitchWatch

  private constructor(executor: Executor, killSwitch: KillSwitchWatch) {
    this.#executor = executor
    this.#killSwitch = killSwitch
  }

  static begin({ engine, spec, concurrency, tell }: ExecutionOptions): Execution {
    const { stores } = engine
    const { log, codec, layout, options } = stores
    const clocks = clocksOf(options.clock)
    const [actions, switches] = [topicName(spec.actions), topicName(spec.killSwitch)]
    const owned = () => ownedOf(engine, actions)
    const trouble = (error: unknown) => tell({ what: 'trouble', error })
    const killSwitch = new KillSwitchWatch({
      ...{ log, codec, topic: switches, partitions: layout.partitions(switches) },
      steady: clocks.steady,
      tell: trouble,
    })
    const executor = new Executor({
      holder: `${hostname()}/${process.pid}/${randomUUID()}`,
      approved: new Approved({ log, codec, topic: actions, owned }),
      killSwitch,
      placeOf: placesOf(stores, (connection, message) => tell({ what: 'notice', connection, message })),
      command: (ask, signal) => send(stores, ask, signal),
      verifier: spec.verifier,
      clocks,
      ...(concurrency === undefined ? {} : { concurrency }),
      tell,
    })
    killSwitch.start()
    executor.start()
    return new Execution(executor, killSwitch)
  }

  async stop(): Promise<void> {
    await this.#executor.stop()
    await this.#killSwitch.stop()
  }
}
