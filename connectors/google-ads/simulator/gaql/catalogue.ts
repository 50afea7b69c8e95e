/** Types of fields: int64 is text in JSON, double a number. */
export type FieldType = 'int64' | 'double' | 'string' | 'bool' | 'date' | 'enum' | 'message'

const STATUS = ['ENABLED', 'PAUSED', 'REMOVED'] as const

/** Constants of enumerations that are looked at; of others any is taken. */
export const ENUMS: Readonly<Record<string, readonly string[]>> = {
  'campaign.status': STATUS,
  'ad_group.status': STATUS,
  'ad_group_ad.status': STATUS,
}

/** `a b:int64` → fields of a resource; text where no type is said. */
function fields(resource: string, names: string): [string, FieldType][] {
  return names
    .trim()
    .split(/\s+/)
    .map(name => name.split(':') as [string, FieldType?])
    .map(([name, type]) => [`${resource}.${name}`, type ?? 'string'])
}

/** What can be asked for (v25/resources, v25/common/metrics.proto, segments.proto), as far as it is simulated. */
export const FIELDS: ReadonlyMap<string, FieldType> = new Map([
  ...fields(
    'customer',
    'resource_name id:int64 descriptive_name currency_code time_zone status:enum manager:bool test_account:bool auto_tagging_enabled:bool',
  ),
  ...fields(
    'customer_client',
    'resource_name client_customer id:int64 descriptive_name currency_code time_zone manager:bool level:int64 status:enum hidden:bool',
  ),
  ...fields(
    'campaign',
    'resource_name id:int64 name status:enum primary_status:enum serving_status:enum advertising_channel_type:enum bidding_strategy_type:enum bidding_strategy campaign_budget target_cpa.target_cpa_micros:int64 maximize_conversions.target_cpa_micros:int64 start_date_time:date end_date_time:date',
  ),
  ...fields(
    'campaign_budget',
    'resource_name id:int64 name status:enum amount_micros:int64 total_amount_micros:int64 period:enum explicitly_shared:bool reference_count:int64',
  ),
  ...fields(
    'ad_group',
    'resource_name id:int64 name status:enum primary_status:enum type:enum campaign cpc_bid_micros:int64 target_cpa_micros:int64 effective_target_cpa_micros:int64',
  ),
  ...fields(
    'ad_group_ad',
    'resource_name ad_group status:enum primary_status:enum ad.resource_name ad.id:int64 ad.name ad.type:enum',
  ),
  ...fields(
    'ad_group_criterion',
    'resource_name criterion_id:int64 type:enum age_range.type:enum gender.type:enum',
  ),
  ...fields('age_range_view', 'resource_name'),
  ...fields('gender_view', 'resource_name'),
  ...fields('geographic_view', 'resource_name country_criterion_id:int64 location_type:enum'),
  ...fields('geo_target_constant', 'resource_name id:int64 name country_code target_type status:enum'),
  ...fields(
    'change_event',
    'resource_name change_date_time:date change_resource_type:enum change_resource_name client_type:enum user_email old_resource:message new_resource:message resource_change_operation:enum changed_fields campaign ad_group',
  ),
  ...fields(
    'offline_conversion_upload_client_summary',
    'resource_name client:enum status:enum total_event_count:int64 successful_event_count:int64 success_rate:double pending_event_count:int64 pending_rate:double last_upload_date_time:date daily_summaries:message alerts:message',
  ),
  ...fields('segments', 'date:date'),
  ...fields(
    'metrics',
    'impressions:int64 clicks:int64 interactions:int64 cost_micros:int64 conversions:double conversions_value:double all_conversions:double all_conversions_value:double ctr:double average_cpc:double average_cost:double average_cpm:double cost_per_conversion:double conversions_from_interactions_rate:double',
  ),
])

export interface Resource {
  /** Whose fields may be selected beside its own. */
  readonly with: readonly string[]
  readonly hasMetrics: boolean
}

export const RESOURCES: Readonly<Record<string, Resource>> = {
  customer: { with: [], hasMetrics: true },
  customer_client: { with: ['customer'], hasMetrics: false },
  campaign: { with: ['customer', 'campaign_budget'], hasMetrics: true },
  campaign_budget: { with: ['customer'], hasMetrics: false },
  ad_group: { with: ['customer', 'campaign'], hasMetrics: true },
  ad_group_ad: { with: ['customer', 'campaign', 'ad_group'], hasMetrics: true },
  age_range_view: { with: ['customer', 'campaign', 'ad_group', 'ad_group_criterion'], hasMetrics: true },
  gender_view: { with: ['customer', 'campaign', 'ad_group', 'ad_group_criterion'], hasMetrics: true },
  geographic_view: { with: ['customer', 'campaign'], hasMetrics: true },
  geo_target_constant: { with: [], hasMetrics: false },
  change_event: { with: ['customer'], hasMetrics: false },
  offline_conversion_upload_client_summary: { with: ['customer'], hasMetrics: false },
}
