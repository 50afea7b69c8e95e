import { type Command, type CommandResult, commandResultKind } from '../../engine/command/command.ts'
import { noon } from './facts.ts'
import type { Row, Told } from './row.ts'

let n = 0

/** A command of an ADMIN at noon, with other fields where they are given. */
export const command = (name: string, body: unknown, more: Partial<Command> = {}): Told => ({
  kind: 'command',
  value: {
    tenant_id: 'demo',
    event_id: `command-${++n}`,
    event_time: noon(),
    ingest_time: noon(),
    command: name,
    actor: 'anna',
    role: 'ADMIN',
    reason: null,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...more,
  },
})

/** Gives a command to a row, and what it answers; its body as it was said. */
export function ask(row: Row, told: Told): Omit<CommandResult, 'body'> & { readonly body: unknown } {
  const before = row.of<CommandResult>(commandResultKind).length
  row.feed(told)
  const answers = row.of<CommandResult>(commandResultKind).slice(before)
  if (answers.length !== 1) throw new Error(`${answers.length} answers`)
  return { ...answers[0]!, body: JSON.parse(answers[0]!.body) as unknown }
}
