import type { Command } from '../../engine/command/command.ts'

/** The object that a command's body is; null: it is none. */
export function bodyOf({ body }: Pick<Command, 'body'>): Readonly<Record<string, unknown>> | null {
  try {
    const said: unknown = JSON.parse(body)
    return typeof said === 'object' && said !== null && !Array.isArray(said)
      ? (said as Readonly<Record<string, unknown>>)
      : null
  } catch {
    return null
  }
}

/** What a command names, fit for a key of state; '' where it names nothing. */
export function namedIn(command: Pick<Command, 'body'>, field: string): string {
  const name = bodyOf(command)?.[field]
  return typeof name === 'string' && !name.includes('\0') ? name : ''
}
