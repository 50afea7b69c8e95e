/**
 * Keeps the last `most` results of each platform: what is read page by page is slow to make. The key says all that a
 * result follows from.
 */
export function keeping<T>(most: number) {
  const kept = new WeakMap<object, Map<string, T>>()
  return (platform: object, key: string, make: () => T): T => {
    const results = kept.get(platform) ?? new Map<string, T>()
    kept.set(platform, results)
    const known = results.get(key)
    if (known !== undefined) return known
    const result = make()
    results.set(key, result)
    if (results.size > most) results.delete(results.keys().next().value!)
    return result
  }
}
