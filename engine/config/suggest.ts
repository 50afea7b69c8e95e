/** Edits (insert, delete, replace, swap neighbours) from one word to another: optimal string alignment distance. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let best = Math.min(replace, last[j]! + 1, row[j - 1]! + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, before[j - 2]! + 1)
      row.push(best)
    }
    before = last
    last = row
  }
  return last[b.length]!
}

/** The known name nearest to a misspelt one, if it is near enough to be meant: ` (did you mean "cutRows"?)`. */
export function didYouMean(word: string, known: readonly string[]): string {
  const plain = (name: string) => name.replace(/[-_]/g, '').toLowerCase()
  const ranked = known
    .map(name => ({ name, far: distance(plain(word).slice(0, 64), plain(name)) }))
    .sort((a, b) => a.far - b.far)
  const nearest = ranked[0]
  if (!nearest || nearest.far > Math.max(1, Math.floor(nearest.name.length / 3))) return ''
  return ` (did you mean "${nearest.name}"?)`
}
