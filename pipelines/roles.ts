/** Roles of a tenant, each with what those before it may; SUPERADMIN stands outside tenants (product.md §4.11). */
export const ROLES = ['VIEWER', 'ANALYST', 'MANAGER', 'ADMIN', 'SUPERADMIN'] as const
export type Role = (typeof ROLES)[number]

/** What of the autopilot people may do, by who may. */
const ALLOWED = {
  'autopilot.status': ['VIEWER', 'ANALYST', 'MANAGER', 'ADMIN', 'SUPERADMIN'],
  'autopilot.check': ['ANALYST', 'MANAGER', 'ADMIN'],
  'autopilot.queue': ['MANAGER', 'ADMIN'],
  'autopilot.approve': ['MANAGER', 'ADMIN'],
  'autopilot.dismiss': ['MANAGER', 'ADMIN'],
  'autopilot.retry': ['MANAGER', 'ADMIN'],
  'autopilot.rollback': ['MANAGER', 'ADMIN'],
  'killswitch.engage': ['MANAGER', 'ADMIN', 'SUPERADMIN'],
  'killswitch.release': ['ADMIN', 'SUPERADMIN'],
  'settings.set': ['ADMIN'],
  'targets.set': ['MANAGER', 'ADMIN'],
  'pacing.acknowledge': ['ANALYST', 'MANAGER', 'ADMIN'],
  'pacing.resolve': ['ANALYST', 'MANAGER', 'ADMIN'],
  'pacing.snooze': ['ANALYST', 'MANAGER', 'ADMIN'],
  'rule.list': ['ANALYST', 'MANAGER', 'ADMIN'],
  'rule.set': ['ADMIN'],
  'rule.remove': ['ADMIN'],
  'experiment.create': ['MANAGER', 'ADMIN'],
  'experiment.update': ['MANAGER', 'ADMIN'],
  'experiment.start': ['MANAGER', 'ADMIN'],
  'experiment.pause': ['MANAGER', 'ADMIN'],
  'experiment.resume': ['MANAGER', 'ADMIN'],
  'experiment.complete': ['MANAGER', 'ADMIN'],
  'experiment.stop': ['MANAGER', 'ADMIN'],
  'experiment.delete': ['MANAGER', 'ADMIN'],
  'identity.block': ['ADMIN'],
  'identity.unblock': ['ADMIN'],
  'identity.unmerge': ['ADMIN'],
  'identity.remerge': ['ADMIN'],
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof ALLOWED
export const PERMISSIONS: readonly string[] = Object.keys(ALLOWED)

/** Whether a role may do something; an unknown role or permission may not. */
export const may = (role: string, permission: string): boolean =>
  Object.hasOwn(ALLOWED, permission) &&
  (ALLOWED[permission as Permission] as readonly string[]).includes(role)

/** Why not, for a person. */
export const refusalOf = (role: string, permission: string, actor: string): string =>
  `${permission} takes ${Object.hasOwn(ALLOWED, permission) ? ALLOWED[permission as Permission].join(' or ') : 'a role that nobody has'}; ${actor} is ${role}`
