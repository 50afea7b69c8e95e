/** A JSON log line as a person reads it: `10:00:01 warn  sink  what happened  table=events`. */
export function humanLine(line: string): string {
  let entry: Record<string, unknown>
  try {
    entry = JSON.parse(line) as Record<string, unknown>
  } catch {
    return line
  }
  const { level, time, name, msg, err, ...fields } = entry
  const at = typeof time === 'string' ? time.slice(11, 19) : ''
  const extra = Object.entries(fields).map(([key, value]) => `${key}=${show(value)}`)
  const parts = [at, String(level).padEnd(5), name, msg, ...extra].filter(
    part => part !== undefined && part !== '',
  )
  const stack = isRecord(err) && typeof err.stack === 'string' ? `\n${printable(err.stack, true)}` : ''
  return `${parts.map(part => printable(String(part), false)).join('  ')}${stack}\n`
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const show = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** Text from outside must not move the cursor of a terminal or start a line of its own. */
function printable(text: string, lines: boolean): string {
  return Array.from(text, char => {
    const code = char.codePointAt(0) ?? 0
    if (lines && char === '\n') return char
    return code < 0x20 || (code >= 0x7f && code < 0xa0) ? ' ' : char
  }).join('')
}
