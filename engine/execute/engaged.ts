/** The kill switch of the whole installation: it adds to those of tenants. */
export const EVERYBODY = '*'

/** What the topic says of one: the fold's record, and the last that was engaged directly, each with its commands. */
export interface SwitchRecords {
  readonly fold: { readonly engaged: boolean; readonly commands: readonly string[] } | null
  /** Who says not which command it was can be answered by nobody. */
  readonly direct: { readonly commands: readonly string[] } | null
}

/** Engaged directly, it stays so until the fold has seen the command and says otherwise. */
export function isEngaged({ fold, direct }: SwitchRecords): boolean {
  if (fold?.engaged) return true
  if (direct === null) return false
  const { commands } = direct
  return commands.length === 0 || !commands.every(id => fold?.commands.includes(id))
}
