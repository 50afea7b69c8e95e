import { configError } from '../../plugins/errors.ts'
import { array, boolean, type FromSchema, map, object, optional, string } from '../../plugins/schema.ts'

export const Settings = object({
  name: string({
    title: 'Name',
    description:
      'Tells this connection from others of yours. What has been read is remembered under it: `config` is secret and does not count',
    minLength: 1,
    examples: ['shop-database'],
  }),
  command: string({
    title: 'Command of the tap',
    description: 'A name on the PATH, or a path. It runs with the rights of Stratum itself',
    minLength: 1,
    examples: ['tap-postgres', '/opt/taps/tap-postgres/bin/tap-postgres'],
  }),
  args: {
    ...array(string(), { title: 'Arguments before those of Singer', description: 'Not secret' }),
    default: [] as readonly string[],
  },
  config: optional({
    type: 'object',
    title: 'Configuration of the tap',
    description: 'What its own documentation asks for. Secret as a whole',
    secret: true,
  }),
  env: optional({
    ...map(string(), {
      title: 'Environment of the tap',
      description: 'Besides the path, the home, the language, certificates and proxies. Secret as a whole',
    }),
    secret: true,
  }),
  streams: optional({
    ...array(string(), {
      title: 'Streams',
      description: 'As the tap names them; left out: all that it offers',
    }),
    examples: [['public-orders']],
  }),
  replication: optional(
    map(
      object({
        method: string({ title: 'Method', enum: ['FULL_TABLE', 'INCREMENTAL', 'LOG_BASED'] }),
        key: optional(string({ title: 'Field that grows', description: 'Of INCREMENTAL' })),
      }),
      {
        title: 'Replication by stream',
        description: "For taps that have to be told; '*' stands for the streams that are not named",
      },
    ),
  ),
  catalog: optional({
    title: 'Catalog',
    description: 'A file or the catalog itself; left out: discovered, and selected by `streams`',
    oneOf: [{ type: 'string' }, { type: 'object' }],
    examples: ['./catalog.json'],
  }),
  catalog_option: string({
    title: 'Option that takes the catalog',
    description: '`--properties` of older taps; `none`: the tap has no catalog, and what it sends is read',
    enum: ['--catalog', '--properties', 'none'],
    default: '--catalog',
  }),
  personal: {
    ...array(string(), {
      title: 'Personal fields',
      description:
        'Names of fields, at any depth, whose values are left out. E-mail addresses and fields named as telephones are in any case',
    }),
    default: [] as readonly string[],
  },
  validate: boolean({
    title: 'Check records',
    description: "Reject records that do not match the tap's own schema",
    default: false,
  }),
})
export type Settings = FromSchema<typeof Settings>

/** What can be known to be wrong before the tap runs. @throws config */
export function checkSettings({ streams, replication, catalog, catalog_option }: Settings): void {
  if (streams !== undefined && streams.length === 0)
    throw configError('is empty: name streams, or leave it out to read all', '/streams')
  for (const [name, value] of Object.entries({ streams, replication })) {
    if (value === undefined) continue
    if (catalog !== undefined)
      throw configError(
        'a catalog is given: select and set replication there, and leave this out',
        `/${name}`,
      )
    if (catalog_option === 'none')
      throw configError('catalog_option is none: there is nothing to select in. Leave this out', `/${name}`)
  }
  if (catalog !== undefined && catalog_option === 'none')
    throw configError(
      'catalog_option is none: the tap would not be given it. Leave one of them out',
      '/catalog',
    )
  for (const [stream, { method, key }] of Object.entries(replication ?? {}))
    if (method === 'INCREMENTAL' && key === undefined)
      throw configError('INCREMENTAL needs the field that grows: add key', `/replication/${stream}`)
}
