/** What a model credits the keys of one dimension with; every model of the same journeys. */
export interface Credits {
  readonly model: string
  readonly keys: readonly {
    readonly key: string
    readonly conversions: number
    readonly value: number | null
  }[]
}

/** One key as one model sees it. */
export interface Compared {
  readonly key: string
  readonly model: string
  readonly conversions: number
  readonly value: number | null
  /** Of all conversions, 0 to 1 (below 0 where a model takes credit away). Null: there are none. */
  readonly share: number | null
  /** (Conversions − those by the first model) ÷ those by the first model. Null: by that one it has none. */
  readonly change: number | null
}

const SAME = 1e-9

/**
 * Models side by side, by key, then in the order given; the first is what the others are compared with. They share out
 * the same conversions, so their sums are equal; it is an error where they are not.
 * @throws RangeError: sums differ by more than 1e-9, which says which models and sums
 */
export function compareModels(models: readonly Credits[]): Compared[] {
  const [first, ...others] = models
  if (!first) return []
  const total = sumOf(first)
  for (const other of others) {
    const sum = sumOf(other)
    if (!(Math.abs(sum - total) <= SAME * Math.max(1, Math.abs(total))))
      throw new RangeError(
        `${other.model} credits ${sum} conversions and ${first.model} ${total}: they are not of the same journeys`,
      )
  }
  const found = models.map(({ model, keys }) => ({
    model,
    byKey: new Map(keys.map(credit => [credit.key, credit])),
    // Of a key that it does not know, a model that knows values knows that it has none.
    nothing: { conversions: 0, value: keys.some(({ value }) => value === null) ? null : 0 },
  }))
  const keys = [...new Set(models.flatMap(({ keys }) => keys.map(({ key }) => key)))].sort()
  return keys.flatMap(key => {
    const basis = found[0]!.byKey.get(key)?.conversions ?? 0
    return found.map(({ model, byKey, nothing }) => {
      const { conversions, value } = byKey.get(key) ?? nothing
      return {
        key,
        model,
        conversions,
        value,
        share: total > 0 ? conversions / total : null,
        change: basis > 0 ? (conversions - basis) / basis : null,
      }
    })
  })
}

function sumOf({ keys }: Credits): number {
  return keys.reduce((sum, { conversions }) => sum + conversions, 0)
}
