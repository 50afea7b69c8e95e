import fc, { type IAsyncProperty } from 'fast-check'

/**
 * Tries a law on so many generated inputs. Each is a whole run or two of the application, so the search for a
 * smaller counterexample ends with the time, and the smallest found so far is told. A run that the time cut off is
 * waited for: it holds what the test is about to close.
 */
export async function hold<T>(law: IAsyncProperty<T>, numRuns: number): Promise<void> {
  const run = law.run.bind(law)
  let last: ReturnType<typeof law.run> | null = null
  law.run = value => {
    last = run(value)
    return last
  }
  await fc.assert(law, { numRuns, interruptAfterTimeLimit: 30_000 })
  const found = await (last as unknown as Promise<{ readonly error?: unknown } | null> | null)
  if (found?.error !== undefined) throw found.error
}
