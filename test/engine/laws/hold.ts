import fc, { type IAsyncProperty } from 'fast-check'

/**
 * Tries a law on so many generated inputs. Each is a whole run or two of the application, so the search for a
 * smaller counterexample ends with the time, and the smallest found so far is told.
 */
export const hold = <T>(law: IAsyncProperty<T>, numRuns: number): Promise<void> =>
  fc.assert(law, { numRuns, interruptAfterTimeLimit: 50_000 })
