import { needed, RowError, text, time } from '../../plugins/rows/index.ts'
import type { CrmObject } from './objects.ts'

/** @throws RowError: it has no id, or no properties */
export function idOf(object: CrmObject): string {
  if (typeof object.properties !== 'object' || object.properties === null)
    throw new RowError('properties are missing')
  return needed(text({ ...object }, 'id'), 'id')
}

export const createdAt = (object: CrmObject): number | null =>
  time(object.properties, 'createdate') ?? time({ ...object }, 'createdAt')

/** When it last changed, archiving included. UTC microseconds. @throws RowError: nothing says so */
export function updatedAt(object: CrmObject, modified: string): number {
  const at = time(object.properties, modified) ?? time({ ...object }, 'updatedAt')
  const archived = time({ ...object }, 'archivedAt')
  return Math.max(needed(at ?? archived, modified), archived ?? 0)
}

export const isArchived = (object: CrmObject): boolean => object.archived === true
