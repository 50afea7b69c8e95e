import { connectionCommands } from '../../../engine/cli/commands/connections.ts'
import { startCommand } from '../../../engine/cli/commands/start.ts'
import { program, runProgram } from '../../../engine/cli/kit/index.ts'
import type { MakeApplication } from '../../../engine/cli/open.ts'
import { app } from '../../../stratum.ts'
import { withGate } from '../../pipelines/autopilot/gate.ts'

// The program, as far as it is started and connects platforms; only the gate's scores are the test's.
const make: MakeApplication = settings => withGate(app(settings))
const root = program({ name: 'stratum', version: '0', description: 'a test' })
startCommand(root, make)
connectionCommands(root, make)
await runProgram(root)
