/** What a promise fails with. @throws when it does not */
export async function failure(promise: Promise<unknown>): Promise<Error & Readonly<Record<string, unknown>>> {
  let value: unknown
  try {
    value = await promise
  } catch (error) {
    return error as Error & Readonly<Record<string, unknown>>
  }
  throw new Error(`it did not fail: ${JSON.stringify(value)}`)
}
