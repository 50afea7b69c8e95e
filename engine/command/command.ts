import { type BaseRecord, defineKind, field, nullable } from '../codec/kind.ts'

/**
 * What somebody asks of the stage that owns a state: a record on the tenant's facts like any other, so that it takes
 * effect at a known offset and a replay decides as it was decided then. `event_id` is its own: sent again, it is the
 * same command.
 */
export interface Command extends BaseRecord {
  /** What is asked: `settings.set`. */
  readonly command: string
  /** Who asks, and the role they have. */
  readonly actor: string
  readonly role: string
  readonly reason: string | null
  /** JSON. */
  readonly body: string
}

export const commandKind = defineKind<Command>('command', [
  field('command', 'string', 'What is asked: settings.set'),
  field('actor', 'string'),
  field('role', 'string', 'VIEWER, ANALYST, MANAGER, ADMIN or SUPERADMIN'),
  field('reason', nullable('string')),
  field('body', 'string', 'JSON'),
])

/** The answer of the stage. */
export interface CommandResult extends BaseRecord {
  readonly command_id: string
  readonly command: string
  readonly actor: string
  readonly reason: string | null
  readonly accepted: boolean
  /** Null where it is accepted; else a code of product.md §4.12. */
  readonly code: string | null
  readonly message: string
  /** JSON. */
  readonly body: string
}

export const commandResultKind = defineKind<CommandResult>('command_result', [
  field('command_id', 'string'),
  field('command', 'string'),
  field('actor', 'string'),
  field('reason', nullable('string')),
  field('accepted', 'boolean'),
  field('code', nullable('string'), 'FORBIDDEN, VALIDATION_ERROR …; null: accepted'),
  field('message', 'string'),
  field('body', 'string', 'JSON'),
])

/** Topic of the answers. */
export const COMMAND_RESULTS = 'command-results'
