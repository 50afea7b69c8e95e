import { messageOf, StratumError } from '../errors.ts'

/** What a connector's error says of itself; the kinds are those of `plugins/errors.ts`. */
interface Trouble {
  readonly kind?: unknown
  readonly retryAfterMs?: number | null
  /** Of kind auth: what is missing. */
  readonly lack?: 'credentials' | 'permission'
}

/** What whoever configured the connector can do about it. */
const ADVICE: Readonly<Record<string, (trouble: Trouble) => string>> = {
  config: () => '',
  auth: ({ lack }) =>
    lack === 'permission'
      ? '. Give the user or app that right; the credentials are good'
      : '. Connect it again, with all the rights it asks for',
  retryable: ({ retryAfterMs }) =>
    retryAfterMs ? `. Try again in ${Math.ceil(retryAfterMs / 1000)} s` : '. Try again later',
  payload: () => '',
  fatal: () => '',
}

/** The kind of a connector's error; null for an error that no connector has made. */
export function troubleKind(error: unknown): string | null {
  const kind = (error as Trouble | null)?.kind
  return typeof kind === 'string' && kind in ADVICE ? kind : null
}

/** A connector's error as one line for a person: which connector, what is wrong, what to do. Others stay as they are. */
export function explained(source: string, error: unknown): unknown {
  const kind = troubleKind(error)
  if (kind === null) return error
  const text = messageOf(error).replace(/\.$/, '')
  const where = text.startsWith(`${source}: `) ? '' : `${source}: `
  const message = `${where}${text}${ADVICE[kind]!(error as Trouble)}`
  return kind === 'config'
    ? new StratumError('CONFIG_INVALID', message, { cause: error })
    : new Error(message, { cause: error })
}
