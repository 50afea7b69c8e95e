/** Fields of insights that are simulated; others that exist (spec AdsInsights) are known and never have a value. */
const SIMULATED = [
  ...[
    'account_id',
    'account_name',
    'account_currency',
    'campaign_id',
    'campaign_name',
    'adset_id',
    'adset_name',
  ],
  ...['ad_id', 'ad_name', 'objective', 'buying_type', 'date_start', 'date_stop', 'impressions', 'reach'],
  ...['frequency', 'clicks', 'inline_link_clicks', 'spend', 'cpc', 'cpm', 'ctr', 'actions', 'action_values'],
  ...['cost_per_action_type', 'purchase_roas', 'optimization_goal'],
]
const WITHOUT_VALUE = [
  ...[
    'outbound_clicks',
    'unique_clicks',
    'unique_actions',
    'cpp',
    'cost_per_inline_link_click',
    'social_spend',
  ],
  ...['inline_link_click_ctr', 'website_ctr', 'quality_ranking', 'engagement_rate_ranking', 'created_time'],
  ...['conversion_rate_ranking', 'video_p25_watched_actions', 'video_p50_watched_actions', 'updated_time'],
  ...['video_p75_watched_actions', 'video_p100_watched_actions', 'video_play_actions', 'attribution_setting'],
  ...['unique_inline_link_clicks', 'unique_inline_link_click_ctr', 'inline_post_engagement', 'unique_ctr'],
  ...[
    'unique_link_clicks_ctr',
    'cost_per_unique_click',
    'cost_per_unique_action_type',
    'canvas_avg_view_time',
  ],
  ...['canvas_avg_view_percent', 'cost_per_inline_post_engagement', 'cost_per_unique_inline_link_click'],
  ...['outbound_clicks_ctr', 'video_30_sec_watched_actions', 'conversions', 'conversion_values', 'results'],
  ...['unique_outbound_clicks', 'video_play_curve_actions'],
]

export const INSIGHT_FIELDS: ReadonlySet<string> = new Set([...SIMULATED, ...WITHOUT_VALUE])
