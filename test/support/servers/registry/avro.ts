/** What Java's Avro takes for a schema, as strictly: names, defaults, no name defined twice. */
export class InvalidSchema extends Error {}

type Node = string | readonly Node[] | Readonly<Record<string, unknown>>

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/
const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string']
/** As Java prints a schema; what is not named here comes after it. */
const ORDER = ['type', 'name', 'namespace', 'doc', 'symbols', 'items', 'values', 'fields', 'size', 'default']

/** The text a registry keeps. @throws InvalidSchema */
export function kept(text: string): string {
  let schema: Node
  try {
    schema = JSON.parse(text) as Node
  } catch {
    throw new InvalidSchema('not JSON')
  }
  check(schema, '', new Set())
  return JSON.stringify(ordered(schema))
}

function ordered(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(ordered)
  if (typeof node !== 'object' || node === null) return node
  const rank = (key: string) => (ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length)
  const entries = Object.entries(node).sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
  // Values of defaults are data, not schemas.
  return Object.fromEntries(entries.map(([key, value]) => [key, key === 'default' ? value : ordered(value)]))
}

function check(node: Node, namespace: string, defined: Set<string>): void {
  if (typeof node === 'string') {
    const full = node.includes('.') || namespace === '' ? node : `${namespace}.${node}`
    if (PRIMITIVES.includes(node) || defined.has(full) || defined.has(node)) return
    throw new InvalidSchema(`Undefined name: "${node}"`)
  }
  if (Array.isArray(node)) {
    const kinds = node.map(branch => (typeof branch === 'string' ? branch : named(branch as never)))
    if (new Set(kinds).size !== kinds.length) throw new InvalidSchema('Duplicate in union')
    for (const branch of node as readonly Node[]) {
      if (Array.isArray(branch)) throw new InvalidSchema('Nested union')
      check(branch, namespace, defined)
    }
    return
  }
  const schema = node as Readonly<Record<string, Node>>
  const type = schema.type as Node
  if (type === 'array') return check(schema.items!, namespace, defined)
  if (type === 'map') return check(schema.values!, namespace, defined)
  if (type !== 'record' && type !== 'enum' && type !== 'fixed') return check(type, namespace, defined)
  const inside = define(schema, namespace, defined)
  if (type === 'enum') checkSymbols(schema.symbols as unknown)
  if (type === 'record') checkFields(schema.fields as unknown, inside, defined)
}

const named = (node: Readonly<Record<string, unknown>>) => String(node.name ?? JSON.stringify(node.type))

function define(schema: Readonly<Record<string, unknown>>, outer: string, defined: Set<string>): string {
  const { name, namespace = outer } = schema
  if (typeof name !== 'string' || typeof namespace !== 'string') throw new InvalidSchema('No name')
  const full = name.includes('.') || namespace === '' ? name : `${namespace}.${name}`
  for (const part of full.split('.'))
    if (!NAME.test(part)) throw new InvalidSchema(`Illegal character in: ${full}`)
  if (defined.has(full)) throw new InvalidSchema(`Can't redefine: ${full}`)
  defined.add(full)
  return full.split('.').slice(0, -1).join('.')
}

function checkSymbols(symbols: unknown): void {
  if (!Array.isArray(symbols) || new Set(symbols).size !== symbols.length)
    throw new InvalidSchema('Duplicate enum symbol')
  for (const symbol of symbols)
    if (!NAME.test(String(symbol))) throw new InvalidSchema(`Illegal character in: ${symbol}`)
}

function checkFields(fields: unknown, namespace: string, defined: Set<string>): void {
  if (!Array.isArray(fields)) throw new InvalidSchema('Record has no fields')
  const names = new Set<string>()
  for (const field of fields as readonly Readonly<Record<string, unknown>>[]) {
    const name = String(field.name)
    if (!NAME.test(name) || names.has(name)) throw new InvalidSchema(`Illegal or duplicate field: ${name}`)
    names.add(name)
    check(field.type as Node, namespace, defined)
    if ('default' in field && !fits(field.type as Node, field.default))
      throw new InvalidSchema(`Invalid default for field ${name}: ${JSON.stringify(field.default)}`)
  }
}

/** Whether a default is a value of a type; of a union its first branch counts. */
function fits(node: Node, value: unknown): boolean {
  if (Array.isArray(node)) return fits(node[0] as Node, value)
  const schema = node as Readonly<Record<string, unknown>>
  const type = typeof node === 'string' ? node : schema.type
  switch (type) {
    case 'null':
      return value === null
    case 'boolean':
      return typeof value === 'boolean'
    case 'int':
    case 'long':
      return Number.isSafeInteger(value)
    case 'float':
    case 'double':
      return typeof value === 'number'
    case 'string':
    case 'bytes':
    case 'fixed':
      return typeof value === 'string'
    case 'enum':
      return (schema.symbols as unknown[]).includes(value)
    case 'array':
      return Array.isArray(value)
    case 'map':
    case 'record':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
  }
  return true
}
