import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { STARTED } from './started.ts'

export const STRATUM = fileURLToPath(new URL('../../stratum.js', import.meta.url))

export interface Result {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export type Running = ChildProcessByStdio<null, Readable, Readable>

export interface ProgramOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Another compiled program. */
  readonly program?: string
}

/** Starts the compiled program, as a shell would: no settings of the machine, log lines from `warn` on. */
export function start(args: readonly string[], { cwd, env, program }: ProgramOptions = {}): Running {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('STRATUM_') && name !== 'NODE_OPTIONS',
  )
  return spawn(process.execPath, [program ?? STRATUM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(kept), ...STARTED, STRATUM_LOGGING__LEVEL: 'warn', ...env },
    ...(cwd === undefined ? {} : { cwd }),
  })
}

/** All a running program prints, and how it ends. */
export async function ended(child: Running): Promise<Result> {
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { out, err, code: code as number | null }
}

/** Runs the compiled program to its end. */
export const run = (args: readonly string[], options?: ProgramOptions): Promise<Result> =>
  ended(start(args, options))

/** What a command has printed with `--json`; anything but success is an error with what it said. */
export async function json<T>(args: readonly string[], options?: ProgramOptions): Promise<T> {
  const { code, out, err } = await run([...args, '--json'], options)
  if (code !== 0) throw new Error(`stratum ${args.join(' ')} ended with ${code}: ${err}`)
  return JSON.parse(out) as T
}

/** One JSON document a line. */
export const documents = <T>(out: string): T[] =>
  out
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as T)

/** Lines of a running program, as they come. */
export async function* lines(from: Readable): AsyncGenerator<string, void, undefined> {
  let rest = ''
  for await (const chunk of from.setEncoding('utf8')) {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() ?? ''
    yield* parts
  }
}
