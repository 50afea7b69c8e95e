import { fatalError, RetryableError } from '../../plugins/errors.ts'
import type { HttpClient } from '../../plugins/http/index.ts'
import type { ErrorBody } from './errors.ts'
import { type CrmObject, type ObjectKind, type Paged, pathOf } from './objects.ts'

interface BatchAnswer<T> {
  readonly status?: string
  readonly results: readonly T[]
  readonly numErrors?: number
  readonly errors?: readonly ErrorBody[]
}

/** Inputs of a batch; half as many with earlier values. */
const LIMIT = 100
const LIMIT_WITH_HISTORY = 50
const LIMIT_OF_ASSOCIATIONS = 1000

/** Objects by their ids, in the order asked for; those that are gone meanwhile are left out. */
export async function byIds(
  client: HttpClient,
  { properties, history = [], ...kind }: ObjectKind,
  ids: readonly string[],
): Promise<CrmObject[]> {
  const found = new Map<string, CrmObject>()
  for (const some of chunks(ids, history.length > 0 ? LIMIT_WITH_HISTORY : LIMIT)) {
    const inputs = some.map(id => ({ id }))
    const json = { inputs, properties, propertiesWithHistory: history }
    const answer = await client.post<BatchAnswer<CrmObject>>(pathOf(kind, '/batch/read'), json, READS)
    for (const object of done(answer, 'OBJECT_NOT_FOUND')) found.set(object.id, object)
  }
  return ids.flatMap(id => found.get(id) ?? [])
}

interface Associated extends Paged {
  readonly from: { readonly id: string }
  readonly to: readonly { readonly toObjectId: string | number }[]
}

/** The ids of what objects are associated with, by their own; in the order of the API. */
export async function associated(
  client: HttpClient,
  from: string,
  to: string,
  ids: readonly string[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>(ids.map(id => [id, []]))
  let inputs: { id: string; after?: string }[] = ids.map(id => ({ id }))
  while (inputs.length > 0) {
    const rest: typeof inputs = []
    for (const some of chunks(inputs, LIMIT_OF_ASSOCIATIONS)) {
      const path = `crm/v4/associations/${from}/${to}/batch/read`
      const answer = await client.post<BatchAnswer<Associated>>(path, { inputs: some }, READS)
      // An object without any is told as an error.
      for (const { from: of, to, paging } of done(answer, 'OBJECT_NOT_FOUND')) {
        found.get(String(of.id))?.push(...to.map(one => String(one.toObjectId)))
        if (paging?.next) rest.push({ id: String(of.id), after: paging.next.after })
      }
    }
    inputs = rest
  }
  return found
}

/** They change nothing. */
const READS = { idempotent: true }

/** What a batch gave, where its errors are all of a kind that is nothing. @throws of its first other error */
function done<T>(
  { results, errors = [], numErrors = 0, status }: BatchAnswer<T>,
  harmless: string,
): readonly T[] {
  const serious = errors.find(error => error.category !== harmless)
  if (serious !== undefined) {
    const said = `only a part of a batch was done: ${serious.category}: ${serious.message}`
    throw serious.category === 'VALIDATION_ERROR' ? fatalError(said) : new RetryableError(said)
  }
  if (status !== undefined && status !== 'COMPLETE')
    throw new RetryableError(`a batch is ${status.toLowerCase()}, not complete`)
  if (numErrors > 0 && errors.length === 0)
    throw new RetryableError(`${numErrors} of a batch were refused, and the platform does not say which`)
  return results
}

export function* chunks<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += size) yield items.slice(i, i + size)
}
