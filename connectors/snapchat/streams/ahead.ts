/**
 * What `work` gives for each item, in their order; up to `most` are under way at once, so that calls wait for the
 * platform's limit and not for each other. One that fails is thrown at its place.
 */
export async function* ahead<T, R>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<readonly [T, R]> {
  const begun: Promise<R>[] = []
  let next = 0
  for (const item of items) {
    while (next < items.length && begun.length < most) {
      const promise = work(items[next++]!)
      // It is awaited later, or never when an earlier one fails.
      promise.catch(() => {})
      begun.push(promise)
    }
    yield [item, await begun.shift()!]
  }
}
