/** What a record has under a name, made where it has nothing. */
export function entry<T>(record: Record<string, T>, name: string | number, make: () => T): T {
  let value = record[name]
  if (value === undefined) {
    value = make()
    record[name] = value
  }
  return value
}
