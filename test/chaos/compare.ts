/** What a table or view holds: how many rows, and the order-free hash of design §5. */
export interface TableContent {
  readonly rows: number
  readonly hash: string
}

export type Contents = Readonly<Record<string, TableContent>>

/** What differs, a line each; empty when nothing does. */
export function differences(undisturbed: Contents, killed: Contents): string[] {
  const names = [...new Set([...Object.keys(undisturbed), ...Object.keys(killed)])].sort()
  return names.flatMap(name => {
    const a = undisturbed[name]
    const b = killed[name]
    if (!a || !b) return [`${name}: only in the ${a ? 'undisturbed' : 'killed'} run`]
    if (a.rows !== b.rows) return [`${name}: ${b.rows} rows instead of ${a.rows}`]
    return a.hash === b.hash ? [] : [`${name}: ${a.rows} rows, but other ones (${b.hash}, not ${a.hash})`]
  })
}
