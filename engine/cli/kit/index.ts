/** What a command of the program is made of. */
export { toJson } from '../../control/json.ts'
export { addCommand, addGroup, type CommandSpec, runCommand } from './command.ts'
export { EXIT } from './failure.ts'
export {
  type DataOptions,
  decimal,
  integer,
  type SetOptions,
  withData,
  withOutput,
  withSets,
} from './options.ts'
export { type OutputOptions, printDocument, printRows } from './print.ts'
export { type CliCommand, type ProgramOptions, program } from './program.ts'
export { type Progress, progress } from './progress.ts'
export { runProgram } from './run.ts'
export { type Session, untilAborted } from './session.ts'
export { cell, type Row, table } from './table.ts'
