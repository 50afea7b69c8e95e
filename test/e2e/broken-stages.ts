/** `stratum ingest` of the whole application with mistakes in two of its stages, as a release might have them. */
import { ingestCommand } from '../../engine/cli/commands/ingest.ts'
import { program, runProgram } from '../../engine/cli/kit/index.ts'
import type { MakeApplication } from '../../engine/cli/open.ts'
import type { Handler, Stage } from '../../engine/stage/stage.ts'
import { app } from '../../stratum.ts'

/** Stages that cannot take an event of that name. */
const MISTAKES: Readonly<Record<string, string>> = {
  deduplicate: 'breaks_collect',
  sessions: 'breaks_sessions',
}

function broken(stage: Stage): Stage {
  const fatal = MISTAKES[stage.name]
  if (fatal === undefined) return stage
  const right = stage.on.event as Handler<unknown>
  const event: Handler<unknown> = (state, record, ctx) => {
    const { event_name, cart } = record as { event_name: string; cart?: readonly unknown[] }
    if (event_name === fatal) process.stdout.write(`${cart!.length} in the cart\n`)
    right(state, record, ctx)
  }
  return { ...stage, on: { ...stage.on, event } }
}

const make: MakeApplication = settings => {
  const whole = app(settings)
  return { ...whole, tasks: whole.tasks.map(task => ({ ...task, stages: task.stages.map(broken) })) }
}

const root = program({ name: 'stratum', version: '0.0.0', description: 'with mistakes in its stages' })
ingestCommand(root, make)
await runProgram(root)
