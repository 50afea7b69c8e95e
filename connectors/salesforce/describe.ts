import { configError } from '../../plugins/errors.ts'
import { type Row, text } from '../../plugins/rows/index.ts'
import { API } from './client.ts'
import type { Salesforce } from './job.ts'

/** Names of the fields that the user may see of an object. */
export async function fieldsOf(
  { client }: Pick<Salesforce, 'client'>,
  object: string,
): Promise<ReadonlySet<string>> {
  const { fields = [] } = await client.get<{ fields?: Row[] }>(`${API}/sobjects/${object}/describe`)
  return new Set(fields.flatMap(field => text(field, 'name') ?? []))
}

/**
 * Of the fields wanted those that are there: one that the user may not see would make the whole query fail. Says so.
 * @param set fields of the settings: one that is not there is a wrong setting
 */
export async function visible(
  context: Salesforce,
  object: string,
  wanted: readonly string[],
  set: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const known = await fieldsOf(context, object)
  for (const [name, field] of Object.entries(set))
    if (!known.has(field))
      throw configError(`${object} has no field ${field}, or the user may not see it`, `/click_ids/${name}`)
  const hidden = wanted.filter(field => !known.has(field))
  if (hidden.length > 0)
    context.notice(`${object}: the user may not see ${hidden.join(', ')}: their values are left unknown`)
  return [...new Set([...wanted.filter(field => known.has(field)), ...Object.values(set)])]
}
