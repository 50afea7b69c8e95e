import { rmSync } from 'node:fs'
import { Child, type ChildOptions } from './child.ts'

/** A server that a test has started. */
export interface Server {
  /** All its files, its log among them. */
  readonly dir: string
  /** Another one after a restart. */
  readonly pid: number
  /** SIGKILL: nothing is flushed, no client is told. */
  kill(): Promise<void>
  /** Starts it again (after a SIGKILL where it still runs), same folder and ports; waits until it answers. */
  restart(): Promise<void>
  /** SIGSTOP: connections stay open, nothing answers. */
  pause(): void
  resume(): void
  /** For good: the temporary folder goes too. */
  stop(): Promise<void>
}

export interface ServerOptions {
  readonly dir: string
  readonly child: ChildOptions
  /** Throws while the server does not take work. */
  readonly answers: () => Promise<unknown>
  /** What comes before the first start. */
  readonly prepare?: () => Promise<unknown>
  /** What else ends with it. */
  readonly stop?: () => Promise<unknown>
  /** Leave the folder (false). */
  readonly keep?: boolean
}

/** Prepares and starts a server, which answers when this resolves. Where that fails nothing of it is left. */
export async function startServer(options: ServerOptions): Promise<Server> {
  let child: Child | undefined
  const start = async () => {
    child = new Child(options.child)
    await child.ready(options.answers)
  }
  const kill = async () => child?.kill()
  const stop = async () => {
    await kill()
    await options.stop?.()
    if (options.keep !== true) rmSync(options.dir, { recursive: true, force: true })
  }
  try {
    await options.prepare?.()
    await start()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    dir: options.dir,
    get pid() {
      return child!.pid
    },
    kill,
    restart: async () => {
      await kill()
      await start()
    },
    pause: () => child!.signal('SIGSTOP'),
    resume: () => child!.signal('SIGCONT'),
    stop,
  }
}
