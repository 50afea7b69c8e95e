import { leave } from './leave.ts'
import type { Progress } from './progress.ts'
import { progress } from './progress.ts'

/** Why a session ends before its work does. */
export class Stopped extends Error {
  readonly signal: NodeJS.Signals | 'EPIPE'
  constructor(signal: NodeJS.Signals | 'EPIPE') {
    super(signal === 'EPIPE' ? 'nobody reads the output any more' : 'stopped; the next run goes on from here')
    this.name = 'AbortError'
    this.signal = signal
  }
}

/** What a command gets to work with. */
export interface Session {
  /** Aborts on Ctrl-C (SIGINT), SIGTERM, SIGHUP, and when stdout is closed (`| head`). */
  readonly signal: AbortSignal
  /** Data for stdout, at the reader's pace; throws once nobody reads. All else goes to stderr. */
  write(text: string): Promise<void>
  /** A line on stderr that shows how far the work is: on a terminal, after a second. */
  progress(label: string): Progress
}

export interface OwnSession extends Session {
  /** Why it was stopped; null when it was not. */
  stopped(): Stopped | null
  /** Waits until stdout has taken everything, and lets go of the process. */
  end(): Promise<void>
}

/** Resolves when the session is stopped. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise(done => {
    if (signal.aborted) done()
    else signal.addEventListener('abort', () => done(), { once: true })
  })
}

/** A reader that has gone leaves this long for the work to stop cleanly. */
const GRACE_MS = 2000
const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const

export function startSession(): OwnSession {
  const { stdout, stderr } = process
  const abort = new AbortController()
  const bars: Progress[] = []
  const stop = (reason: Stopped) => {
    if (!abort.signal.aborted) abort.abort(reason)
  }
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    stop(new Stopped('EPIPE'))
    setTimeout(() => leave(0), GRACE_MS).unref()
  }
  const onSignal = (name: NodeJS.Signals) => {
    if (abort.signal.aborted) leave(128 + SIGNALS[name as keyof typeof SIGNALS])
    if (stderr.isTTY && name === 'SIGINT') stderr.write('\nstopping; Ctrl-C again stops at once\n')
    stop(new Stopped(name))
  }
  stdout.on('error', onError)
  // Nobody to tell: the work goes on.
  stderr.on('error', () => {})
  for (const name of Object.keys(SIGNALS)) process.on(name, onSignal)
  return {
    signal: abort.signal,
    async write(text) {
      if (abort.signal.reason instanceof Stopped && abort.signal.reason.signal === 'EPIPE')
        throw abort.signal.reason
      if (!stdout.write(text)) await new Promise<void>(done => stdout.write('', () => done()))
    },
    progress(label) {
      const bar = progress(label)
      bars.push(bar)
      return bar
    },
    stopped: () => (abort.signal.aborted ? (abort.signal.reason as Stopped) : null),
    async end() {
      for (const bar of bars) bar.end()
      if (!stdout.destroyed) await new Promise<void>(done => stdout.write('', () => done()))
      for (const name of Object.keys(SIGNALS)) process.off(name, onSignal)
    },
  }
}
