import kafkajs from 'kafkajs'

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs

type Operation = 'READ' | 'WRITE' | 'CREATE' | 'DESCRIBE' | 'DESCRIBE_CONFIGS'

/** One thing a user may do with everything of a kind whose name begins with `stratum.`. */
export interface Allowed {
  readonly on: 'topic' | 'group' | 'transactional-id'
  readonly operation: Operation
}

const RESOURCES = {
  topic: AclResourceTypes.TOPIC,
  group: AclResourceTypes.GROUP,
  'transactional-id': AclResourceTypes.TRANSACTIONAL_ID,
}

/** What each role needs once the topics are there: `engine/log/kafka/README.md` lists the same. */
export const ROLES: Readonly<Record<'worker' | 'ingest' | 'api', readonly Allowed[]>> = {
  worker: [
    { on: 'topic', operation: 'READ' },
    { on: 'topic', operation: 'WRITE' },
    { on: 'topic', operation: 'DESCRIBE_CONFIGS' },
    { on: 'group', operation: 'READ' },
    { on: 'transactional-id', operation: 'WRITE' },
  ],
  ingest: [
    { on: 'topic', operation: 'READ' },
    { on: 'topic', operation: 'WRITE' },
    { on: 'topic', operation: 'DESCRIBE_CONFIGS' },
    { on: 'group', operation: 'READ' },
    { on: 'transactional-id', operation: 'WRITE' },
  ],
  api: [
    { on: 'topic', operation: 'READ' },
    { on: 'topic', operation: 'DESCRIBE_CONFIGS' },
    { on: 'group', operation: 'DESCRIBE' },
  ],
}

/** An entry of an access list, as kafkajs writes it. */
export const entryOf = (user: string, { on, operation }: Allowed) => ({
  principal: `User:${user}`,
  host: '*',
  operation: AclOperationTypes[operation],
  permissionType: AclPermissionTypes.ALLOW,
  resourceType: RESOURCES[on],
  resourceName: 'stratum.',
  resourcePatternType: ResourcePatternTypes.PREFIXED,
})

/** As the README has it. */
export const words = ({ on, operation }: Allowed): string =>
  `${operation
    .split('_')
    .map(word => word[0] + word.slice(1).toLowerCase())
    .join('')} on ${on}s`
