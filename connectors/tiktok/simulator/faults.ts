type Drift = 'added' | 'retyped' | 'missing'
type Row = Readonly<Record<string, unknown>>

/** Trouble to order. */
export class Faults {
  isExpired = false
  isForbidden = false
  repeatsRows = false
  isEmpty = false
  drift: Drift | null = null
  /** Reports are as they will be so much later. Microseconds. */
  aheadUs = 0
  #refusals: { readonly code: number; readonly message: string }[] = []

  /** The next requests are refused with this code, before anything is done. */
  refuseNext(code: number, message = 'Ordered by the test', times = 1): void {
    for (let i = 0; i < times; i++) this.#refusals.push({ code, message })
  }

  refusal(): { readonly code: number; readonly message: string } | null {
    return this.#refusals.shift() ?? null
  }

  /** A page of rows as it goes out. */
  page<T extends Row>(rows: readonly T[], page: number, size: number): readonly Row[] {
    if (this.isEmpty) return []
    const first = (page - 1) * size
    const from = this.repeatsRows && page > 1 ? Math.max(0, first - 3) : first
    return rows.slice(from, first + size).map(row => this.drifted(row))
  }

  drifted(row: Row): Row {
    if (this.drift === null) return row
    if (typeof row.metrics !== 'object') return changed(row, this.drift, nameOf(row))
    return { ...row, metrics: changed(row.metrics as Row, this.drift, 'clicks') }
  }
}

const nameOf = (row: Row): string => Object.keys(row).find(key => key.endsWith('name')) ?? 'name'

function changed(row: Row, drift: Drift, field: string): Row {
  if (drift === 'added') return { ...row, brand_new_field: { nested: true } }
  if (drift === 'retyped') return { ...row, [field]: [row[field]] }
  const { [field]: _, ...rest } = row
  return rest
}
