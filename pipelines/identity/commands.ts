import type { Command } from '../../engine/command/command.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import { answer, type RefusalCode } from '../commands/answer.ts'
import { namedIn } from '../commands/body.ts'
import { may, refusalOf } from '../roles.ts'
import { forgetCut, Graph, MOST_CONNECTED } from './graph.ts'
import { settle } from './settle.ts'

const KEY_HASH = /^[0-9a-f]{32}$/

/** What people may do to the graph by hand. Identifiers are named by their hash: a command lies in the log for years. */
const COMMANDS: Readonly<Record<string, (command: Command, ctx: StageContext) => void>> = {
  'identity.block': (command, ctx) => block(command, true, ctx),
  'identity.unblock': (command, ctx) => block(command, false, ctx),
  'identity.unmerge': (command, ctx) => cut(command, true, ctx),
  'identity.remerge': (command, ctx) => cut(command, false, ctx),
}

export function carryOut(command: Command, ctx: StageContext): void {
  const { command: name, role, actor } = command
  if (!Object.hasOwn(COMMANDS, name)) return
  const say = sayer(command, ctx)
  if (!may(role, name)) return say('FORBIDDEN', refusalOf(role, name, actor))
  if (!KEY_HASH.test(namedIn(command, 'key_hash')))
    return say('VALIDATION_ERROR', 'key_hash is 32 digits in hex, as identity_events has it')
  COMMANDS[name]!(command, ctx)
}

/** A value that stands for nobody in particular (an office, a kiosk) is to join nobody, or is to join again. */
function block(command: Command, blocked: boolean, ctx: StageContext): void {
  const say = sayer(command, ctx)
  const key = namedIn(command, 'key_hash')
  const graph = new Graph(command.tenant_id, ctx)
  const value = graph.value(key)
  if ((value?.blocked ?? false) === blocked) return say(null, 'as it was', { key_hash: key, blocked })
  const kept = value ?? { holders: [], blocked, shared: false }
  kept.blocked = blocked
  const [first, ...others] = kept.holders
  // Kept only where it holds: nothing may be left of a command that is refused.
  graph.keepValue(key, kept)
  if (first !== undefined && graph.connected([first], MOST_CONNECTED).size > MOST_CONNECTED) {
    kept.blocked = true
    graph.keepValue(key, kept)
    return say('CONFLICT', `it would connect more than ${MOST_CONNECTED} people`, { key_hash: key })
  }
  if (first !== undefined) settle(graph, [first, ...others], [], command, ctx)
  say(null, blocked ? 'it joins nobody any more' : 'it joins again', {
    key_hash: key,
    blocked,
    people: kept.holders.length,
    in_quarantine: kept.shared,
  })
}

/** One person does not hold a value, whatever was seen; or does after all. */
function cut(command: Command, isCut: boolean, ctx: StageContext): void {
  const say = sayer(command, ctx)
  const [person_key, key_hash] = [namedIn(command, 'person_key'), namedIn(command, 'key_hash')]
  const graph = new Graph(command.tenant_id, ctx)
  const person = graph.person(person_key)
  const held = person.held.find(({ key }) => key === key_hash)
  if (held === undefined) {
    if (!person.cut?.includes(key_hash))
      return say('NOT_FOUND', 'that person is not known by that identifier', { person_key, key_hash })
    if (isCut) return say(null, 'as it was', { person_key, key_hash })
    forgetCut(person, key_hash)
    graph.keepPerson(person_key, person)
    return say(null, 'that person does not have it now; when it comes again, it joins', {
      person_key,
      key_hash,
    })
  }
  if (held.cut === isCut) return say(null, 'as it was', { person_key, key_hash })
  held.cut = isCut
  graph.keepPerson(person_key, person)
  if (graph.connected([person_key], MOST_CONNECTED).size > MOST_CONNECTED) {
    held.cut = true
    graph.keepPerson(person_key, person)
    return say('CONFLICT', `it would connect more than ${MOST_CONNECTED} people`, { person_key, key_hash })
  }
  settle(graph, [person_key, ...(graph.value(key_hash)?.holders ?? [])], [], command, ctx)
  say(null, isCut ? 'that edge joins nobody any more' : 'that edge joins again', {
    person_key,
    key_hash,
    resolved_key: graph.person(person_key).resolved,
  })
}

const sayer =
  (command: Command, ctx: StageContext) =>
  (code: RefusalCode | null, message: string, body: unknown = {}) =>
    answer(command, { code, message, body }, ctx)
