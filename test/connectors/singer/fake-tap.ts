import { spawn } from 'node:child_process'
import { appendFileSync, readFileSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'

/** What a fake tap does: its first argument says it, as its configuration is secret. */
export interface Script {
  /** What it offers; a text is printed as it is. */
  readonly discover?: unknown
  /** Lines it sends, whatever its state is. */
  readonly lines?: readonly string[]
  /** With a state of {"at": n} it begins behind line n. */
  readonly resumes?: boolean
  readonly stderr?: readonly string[]
  readonly code?: number
  /** It kills itself with it after its lines. */
  readonly signal?: NodeJS.Signals
  /** It sends its lines and stays; 'stubborn': also when it is asked to end. */
  readonly stays?: 'quiet' | 'stubborn'
  /** It starts another, which holds its output open. */
  readonly child?: boolean
  /** File that gets a line of JSON of what the tap was given. */
  readonly seen?: string
}

/** What a tap was given. */
export interface Seen {
  readonly pid: number
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly config: string
  /** Of the configuration's file and its folder. */
  readonly modes: readonly number[]
  /** What is in it. */
  readonly settings: unknown
  readonly state: unknown
  readonly catalog: string | null
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    config: { type: 'string' },
    state: { type: 'string' },
    catalog: { type: 'string' },
    properties: { type: 'string' },
    discover: { type: 'boolean' },
  },
})
const text = (file: string | undefined) => (file === undefined ? null : readFileSync(file, 'utf8'))
const script = JSON.parse(positionals[0]!) as Script
const state = JSON.parse(text(values.state) ?? 'null') as { at?: number } | null
const catalog = text(values.catalog ?? values.properties)
if (script.seen !== undefined) {
  const config = values.config!
  const seen: Seen = {
    pid: process.pid,
    args: process.argv.slice(3),
    env: process.env as Seen['env'],
    config,
    modes: [config, dirname(config)].map(path => statSync(path).mode & 0o777),
    settings: JSON.parse(text(config)!),
    state,
    catalog,
  }
  appendFileSync(script.seen, `${JSON.stringify(seen)}\n`)
}
if (script.stays === 'stubborn') process.on('SIGTERM', () => {})
if (script.child) spawn('sleep', ['1000'], { stdio: 'inherit' }).unref()

const send = (line: string) => put(Buffer.from(line))
for (const line of script.stderr ?? []) writeSync(2, `${line}\n`)
if (values.discover) {
  const { discover = { streams: [] } } = script
  send(typeof discover === 'string' ? discover : JSON.stringify(discover))
} else {
  const from = script.resumes ? (state?.at ?? 0) : 0
  for (const line of (script.lines ?? []).slice(from)) send(`${line}\n`)
}
if (script.stays !== undefined && !values.discover) setInterval(() => {}, 1000)
else if (script.signal !== undefined) process.kill(process.pid, script.signal)
else process.exitCode = script.code ?? 0

/** All of it, also where the pipe is full and does not block. */
function put(bytes: Buffer): void {
  for (let rest = bytes; rest.length > 0; )
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
}
