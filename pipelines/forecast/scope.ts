/** What a series is of: everything of a tenant, a platform, a campaign. */
export interface Scope {
  readonly level: 'tenant' | 'platform' | 'campaign'
  readonly platform: string | null
  readonly campaign_id: string | null
}

export const OF_TENANT: Scope = { level: 'tenant', platform: null, campaign_id: null }

/** All that an ad's figures are a part of. */
export const scopesOf = (platform: string, campaign_id: string): readonly Scope[] => [
  OF_TENANT,
  { level: 'platform', platform, campaign_id: null },
  { level: 'campaign', platform, campaign_id },
]

/** The whole of what a platform or campaign names, or does not. */
export function scopeOf(platform: string | null, campaign_id: string | null): Scope {
  if (platform === null) return OF_TENANT
  return { level: campaign_id === null ? 'platform' : 'campaign', platform, campaign_id }
}

/** Its parts of a key of state, after the tenant. */
export const keyOfScope = ({ level, platform, campaign_id }: Scope): string[] => [
  level,
  platform ?? '',
  campaign_id ?? '',
]

/** The same scope for the same text. */
export const nameOfScope = (scope: Scope): string => keyOfScope(scope).join(' ')
