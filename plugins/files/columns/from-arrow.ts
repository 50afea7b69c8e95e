import {
  type Data,
  type DataType,
  type Dictionary,
  type Precision,
  type Timestamp,
  type TimeUnit,
  Type,
} from 'apache-arrow'
import { absent, both, type Column, type Validity } from './column.ts'
import type { Interner } from './intern.ts'
import { ListColumn, StructColumn } from './nested.ts'
import { BoolColumn, Int64Column, MappedColumn, NumberColumn } from './numbers.ts'
import { DictionaryColumn, TextColumn } from './texts.ts'

/** A column of a type no reader here understands; the file cannot be read. */
export class UnreadableColumn extends Error {
  constructor(path: string, type: string) {
    super(`column ${path} has the type ${type}, which is not read`)
  }
}

/** The column over one piece of Arrow data. `outer` says which cells are null because their record is. */
export function columnOf(data: Data, path: string, intern: Interner, outer: Validity): Column {
  const { length } = data
  // Pieces from an IPC stream start at 0; a slice would need its offset in every accessor.
  if (data.offset !== 0) throw new UnreadableColumn(path, 'slice')
  const own = data.nullCount > 0 ? data.nullBitmap : null
  const validity = both(own, outer)
  const child = (i: number, name: string, nulls: Validity) =>
    columnOf(data.children[i]!, name === '' ? path : `${path}.${name}`, intern, nulls)
  switch (data.typeId) {
    case Type.Null:
      return absent(length)
    case Type.Utf8:
    case Type.LargeUtf8:
      return new TextColumn(length, data.values, data.valueOffsets, validity, intern)
    case Type.Dictionary:
      return dictionary(data as Data<Dictionary>, path, intern, validity)
    case Type.Bool:
      return new BoolColumn(length, data.values, validity)
    case Type.Int:
    case Type.Float:
      return numbers(data, path, validity)
    case Type.Timestamp:
      return new MappedColumn(new Int64Column(data.values, validity), toMicros((data.type as Timestamp).unit))
    case Type.Date:
      return new MappedColumn(days(data, validity), value => isoDate(Number(value)))
    case Type.Struct: {
      const fields = data.type.children.map((field: { name: string }, i: number): [string, Column] => [
        field.name,
        child(i, field.name, validity),
      ])
      return new StructColumn(length, new Map(fields), validity)
    }
    case Type.List:
      return new ListColumn(length, child(0, '', null), data.valueOffsets, validity)
    default:
      throw new UnreadableColumn(path, String(data.type))
  }
}

function numbers(data: Data, path: string, validity: Validity): Column {
  const { values } = data
  if (values instanceof BigInt64Array || values instanceof BigUint64Array)
    return new Int64Column(values, validity)
  // Half floats come as raw 16-bit patterns, not as numbers.
  if (data.typeId === Type.Float && (data.type as DataType & { precision: Precision }).precision === 0)
    throw new UnreadableColumn(path, 'float16')
  return new NumberColumn(values as ArrayLike<number>, validity)
}

function dictionary(data: Data<Dictionary>, path: string, intern: Interner, validity: Validity): Column {
  const words = data.dictionary?.data ?? []
  if (words.length > 1) throw new UnreadableColumn(path, 'dictionary in several pieces')
  const column = words[0] ? columnOf(words[0], path, intern, null) : absent(0)
  return new DictionaryColumn(data.length, data.values as ArrayLike<number | bigint>, column, validity)
}

/** Instants as UTC microseconds, whatever the unit: 0 s, 1 ms, 2 µs, 3 ns. */
function toMicros(unit: TimeUnit): (value: unknown) => number {
  const factor = [1e6, 1e3, 1, 1e-3][unit]!
  return value => Math.floor(Number(value) * factor)
}

/** Dates come as days (32 bits) or as milliseconds (64 bits). */
function days(data: Data, validity: Validity): Column {
  if (data.values instanceof Int32Array && data.values.length === data.length)
    return new MappedColumn(new NumberColumn(data.values, validity), value => Number(value) * 86_400_000)
  return new Int64Column(data.values as BigInt64Array, validity)
}

const isoDate = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
