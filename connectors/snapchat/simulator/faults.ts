/** Answers that a test orders instead of the API's own. */
export interface Ordered {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** What a simulated platform does wrong from now on. */
export class Faults {
  /** Rows of the page before, that each page but the first begins with. */
  repeated = 0
  empty = false
  forbidden = false
  drift: 'added' | 'retyped' | 'missing' | null = null
  /** Ids that the platform refuses in lists, statistics and writes. */
  readonly refused = new Set<string>()
  readonly #lost: { readonly method: string; readonly path: RegExp }[] = []
  readonly #orders: { readonly path: RegExp; readonly answers: Ordered[] }[] = []

  /** The next requests of a path are answered so, one after the other. */
  order(path: RegExp, ...answers: readonly Ordered[]): void {
    this.#orders.push({ path, answers: [...answers] })
  }

  ordered(path: string): Ordered | null {
    const order = this.#orders.find(o => o.path.test(path) && o.answers.length > 0)
    return order?.answers.shift() ?? null
  }

  /** The next answer to a request of a path is lost on its way; what was asked is done. */
  lose(method: string, path: RegExp): void {
    this.#lost.push({ method, path })
  }

  loses(method: string, path: string): boolean {
    const index = this.#lost.findIndex(lost => lost.method === method && lost.path.test(path))
    if (index === -1) return false
    this.#lost.splice(index, 1)
    return true
  }

  /** A record of another version of the platform: one field more, of another type, or less. */
  drifted(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    if (this.drift === 'added') return { ...row, added_by_snapchat: { new: true } }
    const { name, impressions } = row
    if (this.drift === 'retyped')
      return {
        ...row,
        ...(name === undefined ? {} : { name: { text: name } }),
        ...(impressions === undefined ? {} : { impressions: String(impressions) }),
      }
    if (this.drift === 'missing') {
      const { name: _, impressions: __, ...rest } = row
      return rest
    }
    return row
  }
}
