import { Command, type ErrorOptions } from 'commander'
import { StratumError } from '../../errors.ts'
import { EXIT, Failure } from './failure.ts'

/** A command whose wrong arguments become one line and exit code 2, like every other error. */
export class CliCommand extends Command {
  override createCommand(name?: string): CliCommand {
    return new CliCommand(name)
  }

  override error(message: string, options?: ErrorOptions): never {
    const line = message
      .replace(/^error: /, '')
      .replace(/\s*\n\s*/g, ' ')
      .replace(/\.$/, '')
    const path = pathOf(this)
    // Who adds a file's name to a command that takes one by its option.
    const takesFile = this.options.some(({ long }) => long === '--file')
    const hint =
      options?.code === 'commander.excessArguments' && takesFile ? '; a file is named by --file FILE' : ''
    throw new Failure(path, new StratumError('USAGE', `${line}${hint}; see ${path} --help`))
  }
}

export interface ProgramOptions {
  readonly name: string
  readonly version: string
  readonly description: string
}

/** A program to which `addCommand` adds and which `runProgram` runs. */
export function program({ name, version, description }: ProgramOptions): CliCommand {
  const root = new CliCommand(name)
  root.version(version).description(description).exitOverride().showSuggestionAfterError(true)
  root.addHelpText('after', `\n${name} COMMAND --help shows an example. Exit code: ${exitCodes()}.`)
  return root
}

const exitCodes = () => `${EXIT.done} done, ${EXIT.failed} the work failed, ${EXIT.usage} wrong arguments`

/** `stratum connections add`. */
export function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}
