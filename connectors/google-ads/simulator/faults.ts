/** Answers that a test orders instead of the API's own. */
export interface Ordered {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

type Shown = Record<string, unknown>

/** What a simulated platform does wrong from now on. */
export class Faults {
  /** Rows of the page before, that each page but the first begins with. */
  repeated = 0
  empty = false
  forbidden = false
  drift: 'added' | 'retyped' | 'missing' | null = null
  #orders: { readonly path: RegExp; readonly answers: Ordered[] }[] = []

  /** The next requests of a path are answered so, one after the other. */
  order(path: RegExp, ...answers: readonly Ordered[]): void {
    this.#orders.push({ path, answers: [...answers] })
  }

  /** What was ordered and has not come is forgotten. */
  clear(): void {
    this.#orders = []
  }

  ordered(path: string): Ordered | null {
    const order = this.#orders.find(o => o.path.test(path) && o.answers.length > 0)
    return order?.answers.shift() ?? null
  }

  /** A row of another version of the platform: one field more, of another type, or less. */
  drifted(row: Shown): Shown {
    if (this.drift === 'added') return { ...row, addedByGoogle: { isNew: true } }
    if (this.drift === null) return row
    const change = (value: unknown) => (this.drift === 'missing' ? undefined : { value })
    const copy = structuredClone(row)
    for (const [resource, fields] of DRIFTING)
      for (const field of fields) {
        const part = copy[resource] as Shown | undefined
        if (part?.[field] !== undefined) part[field] = change(part[field])
      }
    return copy
  }
}

const DRIFTING = Object.entries({
  customer: ['descriptiveName'],
  campaign: ['name'],
  adGroup: ['name'],
  adGroupAd: ['primaryStatus'],
  metrics: ['impressions', 'conversionsValue'],
  changeEvent: ['clientType'],
  offlineConversionUploadClientSummary: ['totalEventCount'],
})
