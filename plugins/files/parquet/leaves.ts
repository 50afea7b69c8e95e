import { DataType, type Schema } from 'apache-arrow'

/**
 * The wanted columns a file has. A path `record.field` whose record the file has as something else gives the whole
 * column, so that the reader can say what is wrong with it.
 */
export function leavesOf(schema: Schema, wanted: readonly string[]): string[] {
  const found = new Set<string>()
  for (const path of wanted) {
    const [name, inner] = path.split('.')
    const field = schema.fields.find(f => f.name === name)
    if (!field) continue
    if (inner === undefined || !DataType.isStruct(field.type)) found.add(name!)
    else if (field.type.children.some((child: { name: string }) => child.name === inner)) found.add(path)
  }
  return [...found]
}
