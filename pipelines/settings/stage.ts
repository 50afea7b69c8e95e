import { deterministicId } from '../../engine/codec/ids.ts'
import type { Command } from '../../engine/command/command.ts'
import { messageOf } from '../../engine/errors.ts'
import { type StageContext, stage } from '../../engine/stage/stage.ts'
import { answer, type RefusalCode } from '../commands/answer.ts'
import { bodyOf, namedIn } from '../commands/body.ts'
import { may, type Permission, refusalOf } from '../roles.ts'
import type { Tree } from '../tree.ts'
import { settingsChangedKind, settingsKind } from './kinds.ts'
import { changed, noSettings, type Settings, takenBack } from './model.ts'

/** What can be set: who checks it, and who is told. */
export interface Subject {
  readonly name: string
  /** Who may: `settings.set`. */
  readonly permission?: Permission
  /** Everything that is wrong with what a tenant set, by path; none: it is taken. */
  check(settings: Tree): readonly string[]
  /** Hands them to the stages after this one, in a form of its own; each is handed on as `settings_changed` too. */
  tell?(settings: Readonly<Settings>, command: Command, ctx: StageContext): void
}

const SET = 'settings.set'
const MOST_BYTES = 64_000

/**
 * Settings of tenants, changed by commands of ADMINs: checked here, in force from the command's own offset on. Bad ones
 * are refused with the path and the reason, and the old ones stay.
 */
export function settings(subjects: readonly Subject[]) {
  const names = subjects.map(subject => subject.name)
  return stage({
    name: 'settings',
    version: 1,
    key: (c: Command) => [c.tenant_id, namedIn(c, 'subject')],
    state: { version: 1, empty: noSettings },
    on: {
      command(state: Settings, command: Command, ctx) {
        if (command.command !== SET) return
        const say = (code: RefusalCode | null, message: string) =>
          answer(command, { code, message, body: shown(state) }, ctx)
        const subject = subjects.find(({ name }) => name === namedIn(command, 'subject'))
        const permission = subject?.permission ?? SET
        if (!may(command.role, permission))
          return say('FORBIDDEN', refusalOf(command.role, permission, command.actor))
        if (state.command === command.event_id) return say(null, 'as before')
        if (!subject)
          return say('NOT_FOUND', `there are no settings of that name; there are: ${names.join(', ')}`)
        if (command.body.length > MOST_BYTES)
          return say('VALIDATION_ERROR', `settings are at most ${MOST_BYTES} bytes`)
        const before = JSON.parse(state.text) as Tree
        const change = bodyOf(command)?.change
        let after: Tree
        try {
          after = changed(before, change)
        } catch (error) {
          return say('VALIDATION_ERROR', messageOf(error))
        }
        const problems = subject.check(after)
        if (problems.length > 0) return say('VALIDATION_ERROR', problems.join('; '))
        const text = JSON.stringify(after)
        const { back, unset } = takenBack(before, change as Tree)
        const nothing =
          unset.length === 0 ? '' : `; null takes back what was set, and nothing was at ${listOf(unset)}`
        if (text === state.text) return say(null, `as they were${nothing}`)
        state.version++
        state.text = text
        state.command = command.event_id
        const { tenant_id, event_id, event_time, ingest_time, actor, reason } = command
        ctx.emit(
          'settings',
          settingsKind,
          {
            tenant_id,
            event_id: deterministicId(tenant_id, subject.name, 'settings', state.version),
            event_time,
            ingest_time,
            subject: subject.name,
            version: state.version,
            settings: text,
            actor,
            reason,
            command_id: event_id,
          },
          [tenant_id, subject.name],
        )
        subject.tell?.(state, command, ctx)
        ctx.hand(settingsChangedKind, {
          tenant_id,
          event_id: deterministicId(tenant_id, subject.name, 'settings changed', state.version),
          event_time,
          ingest_time,
          subject: subject.name,
          version: state.version,
          text,
          actor,
          role: command.role,
          reason,
        })
        const gone = back.length === 0 ? '' : `; back to the default: ${listOf(back)}`
        say(null, `version ${state.version} is in force${gone}${nothing}`)
      },
    },
  })
}

/** A change may take back very much: its beginning says what. */
const listOf = (paths: readonly string[]) =>
  `${paths.slice(0, 5).join(', ')}${paths.length > 5 ? ` and ${paths.length - 5} more` : ''}`

const shown = ({ version, text }: Readonly<Settings>) => ({ version, settings: JSON.parse(text) as unknown })
