export interface ExportTable {
  readonly id: string
  /** `YYYYMMDD` in the property's zone. */
  readonly day: string
  readonly isIntraday: boolean
}

const TABLE = /^events_(intraday_)?(\d{8})$/

/** The tables of events among a dataset's, by day; an intraday table is left alone where its daily one is there. */
export function exportTables(names: readonly string[]): ExportTable[] {
  const tables = names.flatMap(id => {
    const match = TABLE.exec(id)
    return match ? [{ id, day: match[2]!, isIntraday: match[1] !== undefined }] : []
  })
  const daily = new Set(tables.filter(t => !t.isIntraday).map(t => t.day))
  return tables
    .filter(t => !t.isIntraday || !daily.has(t.day))
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
}
