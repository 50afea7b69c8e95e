import { deterministicId } from '../../engine/codec/ids.ts'
import type { Command } from '../../engine/command/command.ts'
import { messageOf } from '../../engine/errors.ts'
import { type StageContext, stage } from '../../engine/stage/stage.ts'
import { answer, type RefusalCode } from '../commands/answer.ts'
import { bodyOf, namedIn } from '../commands/body.ts'
import { may, refusalOf } from '../roles.ts'
import type { SubjectSeen } from '../subjects/handed.ts'
import { type Book, changedBook, emptyBook, rulesOf, textsOf } from './book.ts'
import { RULES_TOPIC, ruleChangedKind, ruleKind, ruleMatchedKind } from './kinds.ts'
import { parseRule, ruleHash } from './model/parse.ts'
import { entityOf, type SubjectView } from './model/subject.ts'

interface Rules {
  book: Book
  /** Platforms and accounts as they were seen last: what rules compare their parts with. Only while there are rules. */
  parents: Record<string, SubjectView>
  /** The last command that was carried out. */
  command: string
}

const MOST_BYTES = 64_000

/** A tenant's rules: changed by commands of ADMINs, looked at whenever a subject is seen. */
export const rules = stage({
  name: 'rules',
  version: 1,
  key: (r: { readonly tenant_id: string }) => [r.tenant_id],
  state: { version: 1, empty: (): Rules => ({ book: emptyBook(), parents: {}, command: '' }) },
  on: {
    subject_seen(state: Rules, { view, isTick, ...base }: SubjectSeen, ctx) {
      if (state.book.count === 0) return ctx.unchanged()
      const { level, platform, account_id } = view.subject
      if (level === 'platform' || level === 'account') state.parents[entityOf(view.subject)] = view
      else ctx.unchanged()
      const parents = {
        platform: state.parents[platform] ?? null,
        account: state.parents[`${platform}:${account_id}`] ?? null,
      }
      const { tenant_id, event_time, ingest_time } = base
      for (const match of rulesOf(state.book).evaluate(view, parents))
        ctx.hand(ruleMatchedKind, {
          tenant_id,
          event_id: deterministicId(base.event_id, match.rule.id, 'matched'),
          event_time,
          ingest_time,
          match,
          view,
          isTick,
        })
    },
    command(state: Rules, command: Command, ctx) {
      if (command.command === 'rule.set') setRule(state, command, ctx)
      else if (command.command === 'rule.remove') removeRule(state, command, ctx)
      else {
        if (command.command === 'rule.list') listRules(state, command, ctx)
        ctx.unchanged()
      }
    },
  },
})

function setRule(state: Rules, command: Command, ctx: StageContext): void {
  const say = sayer(command, ctx)
  if (!may(command.role, command.command))
    return say('FORBIDDEN', refusalOf(command.role, command.command, command.actor))
  if (state.command === command.event_id) return say(null, 'as before')
  if (command.body.length > MOST_BYTES)
    return say('VALIDATION_ERROR', `a rule is at most ${MOST_BYTES} bytes`)
  try {
    // Kept as its author wrote it: what a release reads out of it is the release's.
    const said = bodyOf(command)?.rule
    const rule = parseRule(said, 'rule')
    const text = JSON.stringify(said)
    const known = textsOf(state.book)[rule.id]
    if (known === text) return say(null, 'as it was', { rule: rule.id, version: rule.version })
    const before = known === undefined ? null : parseRule(JSON.parse(known), 'rule')
    // What a decision names must be found again: other words are another version.
    if (before !== null && before.version >= rule.version && ruleHash(before) !== ruleHash(rule))
      return say(
        'CONFLICT',
        `version ${before.version} of ${rule.id} says otherwise: give it version ${before.version + 1}`,
      )
    const book = changedBook(state.book, rule.id, text)
    if (typeof book === 'string') return say('VALIDATION_ERROR', book)
    state.book = book
    state.command = command.event_id
    const hash = ruleHash(rule)
    write(command, rule.id, { version: rule.version, hash, rule: text }, ctx)
    say(null, `version ${rule.version} is in force`, {
      rule: rule.id,
      version: rule.version,
      hash,
      mode: rule.mode,
    })
  } catch (error) {
    say('VALIDATION_ERROR', messageOf(error))
  }
}

function removeRule(state: Rules, command: Command, ctx: StageContext): void {
  const say = sayer(command, ctx)
  if (!may(command.role, command.command))
    return say('FORBIDDEN', refusalOf(command.role, command.command, command.actor))
  const id = namedIn(command, 'rule')
  if (textsOf(state.book)[id] === undefined)
    return say('NOT_FOUND', `there is no rule "${id.slice(0, 64)}"; there are ${state.book.count}`)
  state.book = changedBook(state.book, id, null) as Book
  if (state.book.count === 0) state.parents = {}
  write(command, id, { version: null, hash: null, rule: null }, ctx)
  say(null, 'removed', { rule: id })
}

function listRules(state: Rules, command: Command, ctx: StageContext): void {
  const say = sayer(command, ctx)
  if (!may(command.role, command.command))
    return say('FORBIDDEN', refusalOf(command.role, command.command, command.actor))
  const rules = Object.values(textsOf(state.book)).map(text => {
    const { id, version, mode, subject, priority } = parseRule(JSON.parse(text), 'rule')
    return { rule: id, version, mode, subject, priority }
  })
  say(null, `${rules.length} rules are in force`, { rules })
}

const sayer =
  (command: Command, ctx: StageContext) =>
  (code: RefusalCode | null, message: string, body: unknown = {}) =>
    answer(command, { code, message, body }, ctx)

function write(
  { tenant_id, event_id: command_id, event_time, ingest_time, actor, reason }: Command,
  rule_id: string,
  what: { readonly version: number | null; readonly hash: string | null; readonly rule: string | null },
  ctx: StageContext,
): void {
  const base = { tenant_id, event_time, ingest_time, rule_id, actor, reason }
  ctx.emit(
    RULES_TOPIC,
    ruleKind,
    { ...base, ...what, event_id: deterministicId(tenant_id, rule_id, 'rule', command_id), command_id },
    [tenant_id, rule_id],
  )
  const { version, hash } = what
  ctx.hand(ruleChangedKind, {
    ...base,
    event_id: deterministicId(tenant_id, rule_id, 'rule changed', command_id),
    version,
    hash,
  })
}
