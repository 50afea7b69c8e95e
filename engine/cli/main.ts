import { readFileSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Source } from '../source/port.ts'
import type { LoadChecks } from './checks.ts'
import { apiCommand } from './commands/api.ts'
import { autopilotCommands } from './commands/autopilot.ts'
import { planCommands } from './commands/change.ts'
import { checkCommand } from './commands/check.ts'
import { conformanceCommand } from './commands/conformance.ts'
import { connectionCommands } from './commands/connections.ts'
import { connectorsCommand } from './commands/connectors.ts'
import { deadLetterCommands } from './commands/deadletters.ts'
import { discoverCommand } from './commands/discover.ts'
import { experimentCommands } from './commands/experiment.ts'
import { identityCommands } from './commands/identity.ts'
import { ingestCommand } from './commands/ingest.ts'
import { initCommand } from './commands/init.ts'
import { lintCommand } from './commands/lint.ts'
import { mapCommand } from './commands/map.ts'
import { modelCommands } from './commands/model.ts'
import { pacingCommands } from './commands/pacing.ts'
import { pauseCommands } from './commands/pause.ts'
import { queryCommand } from './commands/query.ts'
import { readCommand } from './commands/read.ts'
import { replayCommand } from './commands/replay.ts'
import { settingsCommand } from './commands/settings.ts'
import { specCommand } from './commands/spec.ts'
import { startCommand } from './commands/start.ts'
import { tapCommand } from './commands/tap.ts'
import { testCommand } from './commands/test.ts'
import { topCommand } from './commands/top.ts'
import { lagCommand, topicsCommand } from './commands/topics.ts'
import { verifyCommand } from './commands/verify.ts'
import { workerCommand } from './commands/worker.ts'
import { installedFor, withoutTwins } from './installed.ts'
import { type CliCommand, program, runProgram } from './kit/index.ts'
import type { ModelSpec } from './model.ts'
import type { MakeApplication } from './open.ts'

/** The program of an application, when its file is what was started (and not merely imported). */
export async function main(
  bare: MakeApplication,
  entry: string,
  models: readonly ModelSpec[] = [],
  checks: LoadChecks | null = null,
): Promise<void> {
  const started = process.argv[1] && realpathSync(process.argv[1])
  if (started !== fileURLToPath(entry)) return
  const root = program({
    name: 'stratum',
    version: version(entry),
    description: 'A stream-processing engine for marketing data whose decisions can be trusted and explained',
  })
  let installed: readonly Source[] = []
  const make: MakeApplication = settings => withoutTwins(bare({ ...settings, installed }))
  root.hook('preAction', async (_, command) => {
    installed = await installedFor(command as CliCommand)
  })
  startCommand(root, make)
  workerCommand(root, make)
  apiCommand(root, make)
  ingestCommand(root, make)
  queryCommand(root, make)
  tapCommand(root, make)
  topicsCommand(root, make)
  lagCommand(root, make)
  topCommand(root, make)
  pauseCommands(root, make)
  mapCommand(root, make)
  deadLetterCommands(root, make)
  replayCommand(root, make)
  settingsCommand(root, make)
  autopilotCommands(root, make)
  identityCommands(root, make)
  experimentCommands(root, make)
  pacingCommands(root, make)
  verifyCommand(root, make)
  planCommands(root, make)
  connectionCommands(root, make)
  connectorsCommand(root, make)
  specCommand(root, make)
  checkCommand(root, make)
  discoverCommand(root, make)
  readCommand(root, make)
  conformanceCommand(root, make)
  initCommand(root, make)
  modelCommands(root, models)
  if (checks !== null) {
    lintCommand(root, make, checks)
    testCommand(root, checks)
  }
  await runProgram(root)
}

function version(entry: string): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', entry), 'utf8')) as { version: string }
  return manifest.version
}
