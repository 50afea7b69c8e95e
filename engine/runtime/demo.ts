import type { Clock } from '../clock/clock.ts'
import type { SourceConfig } from '../source/port.ts'

/** What a demo gets to work with. */
export interface DemoContext {
  /** Where it may keep what has to be the same after a restart. */
  readonly dataDir: string
  readonly clock: Clock
}

/** A connection of the demo, as it is set up at every start: addresses and credentials may be new ones. */
export interface DemoConnection {
  readonly name: string
  readonly source: string
  readonly config: SourceConfig
  readonly schedule: string
}

/** Simulated platforms that run until they are closed, and the connections that read them. */
export interface Demo {
  readonly connections: readonly DemoConnection[]
  close(): Promise<void>
}

/** What `stratum start --demo` shows. */
export interface DemoSpec {
  /** Whose its connections are. */
  readonly tenant: string
  start(context: DemoContext): Promise<Demo>
}
