import { avroFromJsonSchema } from '../../engine/codec/from-json-schema.ts'
import { type AvroField, type BaseRecord, defineKind, field, type Kind } from '../../engine/codec/kind.ts'
import type { JsonSchema } from '../../engine/source/port.ts'

/** Something a source says of a thing, until it says something else: a campaign, a deal, a day's figures of a group. */
export interface Said<R extends object> {
  /** The records' kind in streams of connectors, and the facts' name. */
  readonly kind: string
  /** What the records look like (plugins/records). */
  readonly record: JsonSchema
  /** Fields that say which thing it is. */
  readonly key: readonly (keyof R & string)[]
  /** Field that says when the source said so; UTC microseconds. */
  readonly asOf: keyof R & string
  /** Field of the day it is about (YYYY-MM-DD); left out: it is about the thing as it stands. */
  readonly day?: keyof R & string
  /** Fields that hold a currency. */
  readonly currency?: keyof R & string
  /**
   * Fields that say which whole it is a part of: a later saying of the whole has all its parts, and what it leaves out
   * is gone. Each saying is then a revision, so that the table can tell which parts were said last.
   */
  readonly whole?: readonly (keyof R & string)[]
}

export type Fact<R> = R & BaseRecord & { readonly source: string }
/** What is in force: 1 for the first, one more for every change. */
export type Revised<R> = Fact<R> & { readonly revision: number }

export const factKind = <R extends object>({ kind, record }: Said<R>): Kind<Fact<R>> =>
  defineKind<Fact<R>>(kind, fieldsOf(kind, record))

export const revisedKind = <R extends object>(name: string, { record }: Said<R>): Kind<Revised<R>> =>
  defineKind<Revised<R>>(name, [...fieldsOf(name, record), field('revision', 'long')])

function fieldsOf(name: string, record: JsonSchema): AvroField[] {
  const own = Object.entries(record.properties ?? {}).map(([property, schema]) =>
    field(property, avroFromJsonSchema(schema, `${name}_${property}`), schema.description),
  )
  return [field('source', 'string', "The connector's id"), ...own]
}
