import type { CommandResult } from '../command/command.ts'
import { send } from '../command/send.ts'
import { EVERYBODY } from '../execute/engaged.ts'
import { isTenant } from '../tenant.ts'
import { type Args, textArg, usage } from './args.ts'
import type { Operation } from './operation.ts'

/** What came of a command. */
export interface Answered {
  readonly accepted: boolean
  /** Null: accepted. */
  readonly code: string | null
  readonly message: string
  readonly command_id: string
  readonly tenant: string
  readonly body: Readonly<Record<string, unknown>>
}

/** Sends a command and waits for its answer, whatever it is. */
export const sendCommand: Operation = async ({ stores }, args, signal): Promise<Answered> => {
  const command = textArg(args, 'command')
  if (command === undefined) throw usage('say which command')
  const result = await send(stores, { ...asked(args), command, body: args.body ?? {} }, signal)
  return answered(result)
}

/** Who asks, and for whom. @throws USAGE */
export function asked(args: Args) {
  const tenant = textArg(args, 'tenant')
  if (tenant === undefined) throw usage('say whose they are: --tenant ID')
  // The switch of the whole installation is a command of no tenant's.
  if (tenant !== EVERYBODY && !isTenant(tenant)) throw usage(`tenant "${tenant}" is no name of a tenant`)
  return {
    tenant,
    actor: textArg(args, 'actor') ?? 'local',
    // Who may open the data directory may do everything with it; over HTTP the API says who it is.
    role: textArg(args, 'role') ?? 'ADMIN',
    reason: textArg(args, 'reason') ?? null,
    id: textArg(args, 'id'),
  }
}

export const answered = ({
  accepted,
  code,
  message,
  body,
  command_id,
  tenant_id,
}: CommandResult): Answered => ({
  accepted,
  code,
  message,
  command_id,
  tenant: tenant_id,
  body: JSON.parse(body) as Readonly<Record<string, unknown>>,
})
