import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isoTime } from '../clock/iso.ts'
import type { DeadLetter } from '../deadletter/dead-letter.ts'
import { findLetters, type LetterFilter } from '../deadletter/letters.ts'
import type { Stores } from '../runtime/stores.ts'
import { type Args, countArg, textArg, usage } from './args.ts'
import { contentOfLetter } from './letter-content.ts'
import type { Operation } from './operation.ts'

export function filterOf(args: Args): LetterFilter {
  const ids = Array.isArray(args.ids) && args.ids.length > 0 ? args.ids.map(String) : undefined
  const since = textArg(args, 'since')
  const at = since === undefined ? undefined : Date.parse(since) * 1000
  if (at !== undefined && !Number.isFinite(at))
    throw usage(`--since ${since} is no instant: give one as 2026-01-31T10:00:00Z`)
  const [tenant, stage, reason] = [textArg(args, 'tenant'), textArg(args, 'stage'), textArg(args, 'reason')]
  return {
    ...(ids && { ids }),
    ...(tenant !== undefined && { tenant }),
    ...(stage !== undefined && { stage }),
    ...(reason !== undefined && { reason }),
    ...(at !== undefined && { since: at }),
  }
}

export type LetterState = 'open' | 'edited' | 'replayed'

export function stateOf({ repairs }: Pick<Stores, 'repairs'>, letter: DeadLetter): LetterState {
  const { edited, replayed } = repairs.of(letter.event_id)
  return replayed ? 'replayed' : edited ? 'edited' : 'open'
}

/** Letters in a row each; those replayed already only with `all`. */
export const listLetters: Operation = async ({ stores }, args) => {
  const limit = countArg(args, 'limit') ?? 100
  const letters = await findLetters(stores.log, stores.codec, filterOf(args))
  return letters
    .filter(letter => args.all === true || stateOf(stores, letter) !== 'replayed')
    .slice(-limit)
    .map(letter => ({
      id: letter.event_id.slice(0, 12),
      time: isoTime(letter.ingest_time),
      tenant: letter.tenant_id,
      stage: letter.stage,
      state: stateOf(stores, letter),
      reason: letter.reason,
      origin: letter.origin,
      bytes: letter.payload_bytes,
    }))
}

/** The one letter an id names. */
export async function letterOf(stores: Stores, args: Args): Promise<DeadLetter> {
  const id = textArg(args, 'id') ?? ''
  if (id.length < 4) throw usage('give at least four characters of the letter id')
  const found = await findLetters(stores.log, stores.codec, { ids: [id] })
  if (found.length === 1) return found[0]!
  throw usage(
    found.length === 0
      ? `there is no dead letter ${id}: \`stratum deadletters list --all\` shows all`
      : `${found.length} letters begin with ${id}: give more of it`,
  )
}

/** Everything about one letter. */
export const showLetter: Operation = async ({ stores }, args) => {
  const letter = await letterOf(stores, args)
  const { edited, replayed } = stores.repairs.of(letter.event_id)
  const { payload: _, origin_key: __, ...plain } = letter
  return {
    ...plain,
    event_time: isoTime(letter.event_time),
    ingest_time: isoTime(letter.ingest_time),
    state: stateOf(stores, letter),
    payload: await contentOfLetter(stores, letter, readPayload(stores, letter)),
    ...(edited && {
      edited: {
        at: isoTime(edited.at),
        payload: await contentOfLetter(stores, letter, Buffer.from(edited.value, 'base64')),
      },
    }),
    ...(replayed && { replayed: { ...replayed, at: isoTime(replayed.at) } }),
    advice:
      letter.origin_topic === null
        ? 'The source could not make a record of this row: mend it there and read it again. What was read before is not counted twice.'
        : `stratum deadletters edit ${letter.event_id.slice(0, 12)} --set FIELD=VALUE, then stratum deadletters replay ${letter.event_id.slice(0, 12)}`,
  }
}

/** The bytes as they were refused, from the log or from beside it. */
function readPayload({ options }: Stores, { payload, payload_ref }: DeadLetter): Buffer | null {
  if (payload_ref === null) return payload
  try {
    return readFileSync(join(options.dataDir, payload_ref))
  } catch {
    return null
  }
}
