/** An error as Salesforce words it: a list of `{message, errorCode}`. */
export class Refused extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }

  body(): object {
    return [{ message: this.message, errorCode: this.code }]
  }
}

/** A field of CSV as Bulk API 2.0 writes it: everything in quotes, quotes doubled; null is empty. */
const cell = (value: unknown): string =>
  value === null || value === undefined ? '' : `"${String(value).replaceAll('"', '""')}"`

export const csvOf = (
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
): string =>
  [columns.map(cell), ...rows.map(row => columns.map(name => cell(row[name])))]
    .map(cells => `${cells.join(',')}\n`)
    .join('')
