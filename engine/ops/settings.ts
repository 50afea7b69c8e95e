import type { Command } from '../command/command.ts'
import { send } from '../command/send.ts'
import { StratumError } from '../errors.ts'
import type { Stores } from '../runtime/stores.ts'
import { isTenant } from '../tenant.ts'
import { type Args, textArg, usage } from './args.ts'
import { answered, asked } from './command.ts'
import type { Operation } from './operation.ts'
import { recordsOf } from './records.ts'

/** A tenant's settings of a subject, as they are in force. */
export interface ShownSettings {
  readonly tenant: string
  readonly subject: string
  /** 0: it set none, the defaults are in force. */
  readonly version: number
  readonly settings: unknown
  readonly actor: string | null
  readonly reason: string | null
}

const TOPIC = 'settings'
const KIND = 'settings'

export const showSettings: Operation = async ({ stores }, args) => {
  const { tenant, subject } = whose(args)
  const names = stores.app.settings
  if (names && !names.includes(subject))
    throw new StratumError('NOT_FOUND', `there are no settings "${subject}"; there are: ${names.join(', ')}`)
  return shown(stores, tenant, subject)
}

/** @throws COMMAND_REFUSED: the message says what is wrong with them */
export const setSettings: Operation = async ({ stores }, args, signal) => {
  const { subject } = whose(args)
  const body = { subject, change: args.change }
  const { accepted, code, message, ...more } = answered(
    await send(stores, { ...asked(args), command: 'settings.set', body }, signal),
  )
  if (!accepted) throw new StratumError('COMMAND_REFUSED', `${code}: ${message}`)
  return { tenant: more.tenant, command_id: more.command_id, message, ...more.body }
}

function whose(args: Args): { tenant: string; subject: string } {
  const tenant = textArg(args, 'tenant')
  const subject = textArg(args, 'subject')
  if (tenant === undefined) throw usage('say whose they are: --tenant ID')
  if (!isTenant(tenant)) throw usage(`tenant "${tenant}" is no name of a tenant`)
  if (subject === undefined) throw usage('say which settings')
  return { tenant, subject }
}

/** The last record of the tenant and subject: the topic keeps one of each. */
async function shown(stores: Stores, tenant: string, subject: string): Promise<ShownSettings> {
  let found: ShownSettings = { tenant, subject, version: 0, settings: {}, actor: null, reason: null }
  for await (const { kind, value } of recordsOf<InForce>(stores, TOPIC)) {
    const { tenant_id, subject: of, version, settings, actor, reason } = value
    if (kind !== KIND || tenant_id !== tenant || of !== subject || version < found.version) continue
    found = { tenant, subject, version, settings: JSON.parse(settings) as unknown, actor, reason }
  }
  return found
}

type InForce = Pick<Command, 'tenant_id' | 'actor' | 'reason'> & {
  readonly subject: string
  readonly version: number
  readonly settings: string
}
