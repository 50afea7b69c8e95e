/** Something made when it is first asked for. */
export interface Once<T> {
  get(): Promise<T>
  /** What there is already; null where nobody has asked. */
  made(): Promise<T> | null
}

export function once<T>(make: () => Promise<T>): Once<T> {
  let made: Promise<T> | null = null
  return {
    get() {
      made ??= make().catch(error => {
        // A store that was away is asked again.
        made = null
        throw error
      })
      return made
    },
    made: () => made,
  }
}
