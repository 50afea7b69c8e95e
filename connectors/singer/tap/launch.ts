import { basename } from 'node:path'
import type { Settings } from '../settings.ts'
import { environmentOf } from './environment.ts'
import { executableOf } from './executable.ts'
import { PrivateFiles } from './private-files.ts'
import { TapProcess } from './process.ts'
import { type Redact, redactorOf } from './secrets.ts'
import { StandardError } from './stderr.ts'

export interface TapContext {
  readonly config: Settings
  readonly signal: AbortSignal
  notice(message: string): void
}

/** A tap as it is configured, with its private files. It can be run several times. */
export class Tap {
  readonly #context: TapContext
  readonly #files: PrivateFiles
  readonly #command: string
  readonly #config: string
  readonly redact: Redact

  private constructor(
    context: TapContext,
    files: PrivateFiles,
    command: string,
    config: string,
    redact: Redact,
  ) {
    this.#context = context
    this.#files = files
    this.#command = command
    this.#config = config
    this.redact = redact
  }

  /** @throws config: there is no such program */
  static async prepare(context: TapContext): Promise<Tap> {
    const { command, config = {}, env = {} } = context.config
    const { PATH = '' } = environmentOf(env)
    const program = await executableOf(command, PATH)
    const files = await PrivateFiles.make()
    const path = await files.write('config.json', JSON.stringify(config))
    return new Tap(context, files, program, path, redactorOf(config, env))
  }

  /** What people call it: the name of its program. */
  get name(): string {
    return basename(this.#command)
  }

  discover(): RunningTap {
    return this.#run(['--discover'])
  }

  /** @param state JSON of the tap's own, null at the first run; @param catalog JSON; null: it takes none */
  async sync(state: string | null, catalog: string | null): Promise<RunningTap> {
    const args: string[] = []
    if (catalog !== null)
      args.push(this.#context.config.catalog_option, await this.#files.write('catalog.json', catalog))
    if (state !== null) args.push('--state', await this.#files.write('state.json', state))
    return this.#run(args)
  }

  async close(): Promise<void> {
    await this.#files.remove()
  }

  #run(args: readonly string[]): RunningTap {
    const { config, signal, notice } = this.#context
    const stderr = new StandardError({ tap: this.name, redact: this.redact, notice })
    const child = new TapProcess({
      command: this.#command,
      args: [...config.args, '--config', this.#config, ...args],
      env: environmentOf(config.env ?? {}),
      stderr,
      signal,
    })
    return { child, stderr }
  }
}

export interface RunningTap {
  readonly child: TapProcess
  readonly stderr: StandardError
}
