/** What a day comes to, worked out when it is first asked for; the `most` days asked for last are kept. */
export function keptDays<T>(most: number, make: (day: string) => T): (day: string) => T {
  const known = new Map<string, T>()
  return day => {
    const found = known.get(day)
    const value = found ?? make(day)
    if (found !== undefined) known.delete(day)
    known.set(day, value)
    if (known.size > most) known.delete(known.keys().next().value!)
    return value
  }
}
