import { deterministicId } from '../../engine/codec/ids.ts'
import type { Command } from '../../engine/command/command.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import { answer, type RefusalCode } from '../commands/answer.ts'
import { bodyOf, namedIn } from '../commands/body.ts'
import { may, refusalOf } from '../roles.ts'
import { type Book, MOST_OPEN, makeRoom, type Stored } from './book.ts'
import { checkDefinition } from './check.ts'
import { experimentKind } from './kinds.ts'
import { phasesAfter, STEPS, type Step } from './model/lifecycle.ts'

export const PREFIX = 'experiment.'
export const COMPLETE = 'experiment.complete'
const MOST_BYTES = 64_000
const ID = /^[a-zA-Z0-9][\w.:-]{0,63}$/

type Refusal = readonly [RefusalCode, string]

/** Carries a command about an experiment out, in place, and answers it; whether anything has changed. */
export function carryOut(book: Book, command: Command, ctx: StageContext): boolean {
  const id = namedIn(command, 'experiment')
  const say = (code: RefusalCode | null, message: string) =>
    answer(command, { code, message, body: shown(id, storedIn(book, id)) }, ctx)
  const refusal = refusalIn(book, id, command)
  if (refusal !== null) {
    say(...refusal)
    return false
  }
  if (book.command === command.event_id) {
    say(null, 'as before')
    return false
  }
  const problem = change(book, id, command)
  if (problem !== null) {
    say(...problem)
    return false
  }
  book.command = command.event_id
  const stored = storedIn(book, id)
  if (stored) {
    stored.revision = ++book.changes
    if (stored.state !== 'DRAFT') write(id, stored, command, ctx)
  }
  say(null, stored ? `it is ${stored.state}` : 'removed')
  return true
}

const storedIn = ({ experiments }: Book, id: string): Stored | undefined =>
  Object.hasOwn(experiments, id) ? experiments[id] : undefined

function refusalIn(book: Book, id: string, { command, role, actor, body }: Command): Refusal | null {
  // What has its sample is completed without anybody asking.
  const isOwn = role === 'SYSTEM' && command === COMPLETE
  if (!isOwn && !may(role, command)) return ['FORBIDDEN', refusalOf(role, command, actor)]
  if (body.length > MOST_BYTES) return ['VALIDATION_ERROR', `an experiment is at most ${MOST_BYTES} bytes`]
  if (!ID.test(id))
    return [
      'VALIDATION_ERROR',
      'experiment: its id, 1 to 64 letters, digits and _ . : -, a letter or digit first',
    ]
  const isThere = storedIn(book, id) !== undefined
  if (command === 'experiment.create') return isThere ? ['CONFLICT', `there is an experiment "${id}"`] : null
  return isThere ? null : ['NOT_FOUND', `there is no experiment "${id}"`]
}

/** What a command asks for, in place; null: done. */
function change(book: Book, id: string, command: Command): Refusal | null {
  const stored = storedIn(book, id)
  const said = bodyOf(command)?.definition
  switch (command.command) {
    case 'experiment.create': {
      const { definition, problems } = checkDefinition(said, false)
      if (!definition) return ['VALIDATION_ERROR', problems.join('; ')]
      if (!makeRoom(book))
        return ['CONFLICT', `${MOST_OPEN} experiments are not over: end or delete one first`]
      book.experiments[id] = { definition, state: 'DRAFT', phases: [], ended: null, revision: 0 }
      return null
    }
    case 'experiment.update':
      return update(stored!, said)
    case 'experiment.delete':
      if (stored!.state !== 'DRAFT')
        return ['INVALID_STATE', `it is ${stored!.state}: only a DRAFT is deleted`]
      delete book.experiments[id]
      return null
    default:
      return step(stored!, command.command.slice(PREFIX.length) as Step, command)
  }
}

function update(stored: Stored, said: unknown): Refusal | null {
  if (stored.state === 'COMPLETED' || stored.state === 'STOPPED')
    return ['INVALID_STATE', `it is ${stored.state}, for ever`]
  const { definition, problems } = checkDefinition({ ...stored.definition, ...(said as object) }, false)
  if (!definition) return ['VALIDATION_ERROR', problems.join('; ')]
  const { name, description } = definition
  // Who changes the question halfway has two halves of an answer.
  const isOther = JSON.stringify({ ...stored.definition, name, description }) !== JSON.stringify(definition)
  if (stored.state !== 'DRAFT' && isOther)
    return [
      'INVALID_STATE',
      `it is ${stored.state}: only its name and description can be changed; make another`,
    ]
  stored.definition = definition
  return null
}

function step(stored: Stored, name: Step, { event_time: at, reason }: Command): Refusal | null {
  const { from, to } = STEPS[name]
  if (!(from as readonly string[]).includes(stored.state))
    return ['INVALID_STATE', `it is ${stored.state}: ${name} takes ${from.join(' or ')}`]
  if (name === 'stop' && !reason) return ['VALIDATION_ERROR', 'say why it is stopped: reason']
  if (name === 'start') {
    const { problems } = checkDefinition(stored.definition, true)
    if (problems.length > 0) return ['VALIDATION_ERROR', problems.join('; ')]
  }
  stored.phases = phasesAfter(stored.phases, to, at)
  stored.state = to
  if (to === 'COMPLETED' || to === 'STOPPED') stored.ended = at
  return null
}

function write(id: string, stored: Stored, command: Command, ctx: StageContext): void {
  const { tenant_id, event_time, ingest_time, actor, reason } = command
  ctx.emit(
    'persons',
    experimentKind,
    {
      tenant_id,
      event_id: deterministicId(tenant_id, id, 'experiment', stored.revision),
      event_time,
      ingest_time,
      experiment_id: id,
      state: stored.state,
      definition: JSON.stringify(stored.definition),
      phases: stored.phases,
      ended_at: stored.ended,
      actor,
      reason,
      revision: stored.revision,
    },
    [tenant_id],
  )
}

const shown = (id: string, stored: Stored | undefined) =>
  stored ? { experiment: id, state: stored.state, definition: stored.definition, phases: stored.phases } : {}
