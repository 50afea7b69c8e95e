#!/usr/bin/env -S MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=262144 UV_THREADPOOL_SIZE=16 node
import { sources, module as sourcesModule } from './connectors/index.ts'
import { main } from './engine/cli/main.ts'
import { tickKind } from './engine/clock/tick.ts'
import { COMMAND_RESULTS, commandKind, commandResultKind } from './engine/command/command.ts'
import { deadLetterKind } from './engine/deadletter/dead-letter.ts'
import { stratum } from './engine/stage/topology.ts'
import { adChangeKind, adChanges, adChangesKind } from './pipelines/ad-changes/said.ts'
import { adDemographicKind, adDemographics, adDemographicsKind } from './pipelines/ad-demographics/said.ts'
import { adEntities, adEntityKind, levelKinds } from './pipelines/ad-entities/said.ts'
import { adMetrics, adMetricsKind } from './pipelines/ad-metrics/stage.ts'
import { campaignWeeks } from './pipelines/allocation/campaign-weeks.ts'
import { ALLOCATION_TOPIC, allocationKind, responseCurveKind } from './pipelines/allocation/kinds.ts'
import { allocationSubject } from './pipelines/allocation/settings.ts'
import { allocation } from './pipelines/allocation/stage.ts'
import { attributionDaily } from './pipelines/attribution/daily.ts'
import { fits } from './pipelines/attribution/fits.ts'
import { given } from './pipelines/attribution/given.ts'
import {
  attributionFittedKind,
  attributionKind,
  attributionModelKind,
  creditKind,
} from './pipelines/attribution/kinds.ts'
import { ways } from './pipelines/attribution/ways.ts'
import {
  AUDIT_TOPIC,
  auditCheckpointKind,
  auditEntryKind,
  CHECKPOINTS_TOPIC,
} from './pipelines/audit/kinds.ts'
import { CheckpointSigner } from './pipelines/audit/signer.ts'
import { verifyAudit } from './pipelines/audit/verify.ts'
import { decidedAgain } from './pipelines/autopilot/again.ts'
import {
  ACTION_RESULTS_TOPIC,
  ACTIONS_TOPIC,
  actionKind,
  actionResultKind,
  DECISIONS_TOPIC,
  decisionKind,
} from './pipelines/autopilot/kinds.ts'
import { autopilotSubject } from './pipelines/autopilot/settings/subject.ts'
import { autopilot } from './pipelines/autopilot/stage.ts'
import { connections } from './pipelines/connections/stage.ts'
import { pipelineDailyKind } from './pipelines/crm/pipeline/kinds.ts'
import { crmPipeline } from './pipelines/crm/pipeline/stage.ts'
import {
  contactKind,
  contacts,
  contactsKind,
  dealKind,
  dealStageKind,
  dealStages,
  dealStagesKind,
  deals,
  dealsKind,
} from './pipelines/crm/said.ts'
import { pipelineSettings } from './pipelines/crm/settings/subject.ts'
import { ExperimentCloser } from './pipelines/experiments/closer.ts'
import { experiments } from './pipelines/experiments/define.ts'
import {
  EXPERIMENT_PARTS,
  EXPERIMENTS,
  experimentKind,
  experimentPartKind,
  experimentResultKind,
  experimentSeenKind,
} from './pipelines/experiments/kinds.ts'
import { experimentMembers } from './pipelines/experiments/members.ts'
import { experimentResults } from './pipelines/experiments/results.ts'
import { FORECASTS_TOPIC, forecastKind } from './pipelines/forecast/kinds.ts'
import { seriesParts } from './pipelines/forecast/series/parts.ts'
import { series } from './pipelines/forecast/series/stage.ts'
import { forecasts } from './pipelines/forecast/stage.ts'
import { funnel, funnelPartialKind } from './pipelines/funnel/stage.ts'
import { IDENTITY_TOPIC, identityEventKind } from './pipelines/identity/kinds.ts'
import { personLinkKind } from './pipelines/identity/person-link.ts'
import { identitySettings } from './pipelines/identity/settings/subject.ts'
import { identity } from './pipelines/identity/stage.ts'
import { deduplicate } from './pipelines/ingest/deduplicate.ts'
import { adReportKind, eventKind } from './pipelines/ingest/facts.ts'
import { normalise } from './pipelines/ingest/normalise.ts'
import { toPersons } from './pipelines/ingest/route.ts'
import { days } from './pipelines/journeys/days.ts'
import { inForce } from './pipelines/journeys/in-force.ts'
import { journeyKind, touchKind } from './pipelines/journeys/kinds.ts'
import { timePassedKind } from './pipelines/journeys/passed.ts'
import { journeySettings } from './pipelines/journeys/settings/subject.ts'
import { journeys } from './pipelines/journeys/stage.ts'
import { touches } from './pipelines/journeys/touches.ts'
import { engageAtOnce } from './pipelines/kill-switch/at-once.ts'
import { KILL_SWITCH_TOPIC, killSwitchKind } from './pipelines/kill-switch/kinds.ts'
import { killSwitch } from './pipelines/kill-switch/stage.ts'
import { matchQualities, matchQualitiesKind, matchQualityKind } from './pipelines/match-quality/said.ts'
import { models } from './pipelines/models.ts'
import { PACING_TOPIC, pacingAlertKind, pacingKind } from './pipelines/pacing/kinds.ts'
import { targetsSubject } from './pipelines/pacing/settings/subject.ts'
import { pacing } from './pipelines/pacing/stage.ts'
import { profitDailyKind } from './pipelines/profit/kinds.ts'
import { costSettings } from './pipelines/profit/settings/subject.ts'
import { profit } from './pipelines/profit/stage.ts'
import { RULES_TOPIC, ruleKind } from './pipelines/rules/kinds.ts'
import { rules } from './pipelines/rules/stage.ts'
import { sessionKind, sessions } from './pipelines/sessions/stage.ts'
import { settingsKind } from './pipelines/settings/kinds.ts'
import { settings as settingsStage } from './pipelines/settings/stage.ts'
import { anomalyKind } from './pipelines/signals/anomaly-kind.ts'
import { campaignAnomalies } from './pipelines/signals/campaigns/stage.ts'
import { conversions } from './pipelines/signals/conversions/stage.ts'
import { site } from './pipelines/signals/site/stage.ts'
import { signals } from './pipelines/signals/stage.ts'
import { varianceDailyKind } from './pipelines/signals/variance-daily.ts'
import { subjectParts } from './pipelines/subjects/parts.ts'
import { subjects } from './pipelines/subjects/stage.ts'
import { tables, module as tablesModule } from './pipelines/tables.ts'
import { trustSettings } from './pipelines/trust/settings/subject.ts'
import { signalHealthKind } from './pipelines/trust/signal-health.ts'
import { trust } from './pipelines/trust/stage.ts'
import { webReportKind, webReports, webReportsKind } from './pipelines/web-reports/said.ts'

/** What tenants can set. */
const settable = [
  trustSettings,
  autopilotSubject,
  identitySettings,
  journeySettings,
  allocationSubject,
  pipelineSettings,
  costSettings,
  targetsSubject,
]

/**
 * Everything Stratum is made of, in the order in which data flows: connectors read into raw topics, tasks fold
 * topics into topics, tables fill from them. The engine runs what stands here and knows none of it by name.
 */
export const app = stratum(settings => ({
  sources: [...sources, ...(settings.installed ?? [])],
  sourcesModule,
  topics: [
    // keyed: by tenant, by tenant and person
    {
      name: 'facts',
      route: 'key',
      cleanup: 'delete',
      kinds: [
        eventKind,
        adReportKind,
        adEntityKind,
        adDemographicKind,
        adChangeKind,
        matchQualityKind,
        webReportKind,
        contactKind,
        dealKind,
        dealStageKind,
        commandKind,
        tickKind,
      ],
    },
    {
      name: 'persons',
      route: 'key',
      cleanup: 'delete',
      kinds: [eventKind, personLinkKind, experimentKind, experimentSeenKind, settingsKind, tickKind],
    },
    // keyed: by tenant and who the person was found to be, by tenant
    { name: 'touches', route: 'key', cleanup: 'delete', kinds: [touchKind, settingsKind, timePassedKind] },
    { name: 'credits', route: 'key', cleanup: 'delete', kinds: [creditKind, settingsKind, timePassedKind] },
    {
      name: EXPERIMENT_PARTS,
      route: 'key',
      cleanup: 'delete',
      kinds: [experimentKind, experimentPartKind],
    },
    // results: every fold that writes one has partitions of its own
    { name: 'sessions', route: 'input', cleanup: 'delete', kinds: [sessionKind] },
    {
      name: 'metrics',
      route: 'input',
      cleanup: 'delete',
      kinds: [
        funnelPartialKind,
        adMetricsKind,
        adDemographicsKind,
        matchQualitiesKind,
        webReportsKind,
        pipelineDailyKind,
        profitDailyKind,
      ],
    },
    {
      name: 'entities',
      route: 'input',
      cleanup: 'delete',
      kinds: [...Object.values(levelKinds), adChangesKind, contactsKind, dealsKind, dealStagesKind],
    },
    {
      name: 'signals',
      route: 'input',
      cleanup: 'delete',
      kinds: [signalHealthKind, anomalyKind, varianceDailyKind],
    },
    {
      name: IDENTITY_TOPIC,
      route: 'input',
      cleanup: 'delete',
      kinds: [identityEventKind, personLinkKind],
    },
    { name: 'journeys', route: 'input', cleanup: 'delete', kinds: [journeyKind] },
    {
      name: 'attribution',
      route: 'input',
      cleanup: 'delete',
      kinds: [attributionKind, attributionFittedKind, attributionModelKind],
    },
    {
      name: ALLOCATION_TOPIC,
      route: 'input',
      cleanup: 'delete',
      kinds: [allocationKind, responseCurveKind],
    },
    { name: EXPERIMENTS, route: 'input', cleanup: 'delete', kinds: [experimentResultKind] },
    { name: FORECASTS_TOPIC, route: 'input', cleanup: 'delete', kinds: [forecastKind] },
    { name: PACING_TOPIC, route: 'input', cleanup: 'delete', kinds: [pacingKind, pacingAlertKind] },
    { name: 'settings', route: 'input', cleanup: 'compact', kinds: [settingsKind] },
    { name: RULES_TOPIC, route: 'input', cleanup: 'compact', kinds: [ruleKind] },
    { name: DECISIONS_TOPIC, route: 'input', cleanup: 'compact', kinds: [decisionKind] },
    { name: ACTIONS_TOPIC, route: 'input', cleanup: 'delete', kinds: [actionKind] },
    { name: ACTION_RESULTS_TOPIC, route: 'input', cleanup: 'delete', kinds: [actionResultKind] },
    { name: AUDIT_TOPIC, route: 'input', cleanup: 'delete', kinds: [auditEntryKind] },
    {
      name: CHECKPOINTS_TOPIC,
      route: 'key',
      cleanup: 'delete',
      kinds: [auditCheckpointKind],
      writtenBy: 'signer',
    },
    // By tenant: who stops the autopilot writes it there too, past every backlog.
    { name: KILL_SWITCH_TOPIC, route: 'key', cleanup: 'compact', kinds: [killSwitchKind] },
    { name: COMMAND_RESULTS, route: 'input', cleanup: 'delete', kinds: [commandResultKind] },
    { name: 'deadletters', route: 'input', cleanup: 'delete', kinds: [deadLetterKind] },
  ],
  tasks: [
    {
      name: 'collect',
      from: 'raw',
      stages: [
        normalise([...sources, ...(settings.installed ?? [])], settings.warehouse),
        deduplicate(settings.dedup),
      ],
      to: 'facts',
    },
    {
      name: 'tenant',
      from: 'facts',
      stages: [
        settingsStage(settable),
        killSwitch,
        connections,
        identity,
        toPersons,
        adMetrics,
        adDemographics,
        adEntities,
        adChanges,
        contacts,
        deals,
        dealStages,
        matchQualities,
        webReports,
        crmPipeline,
        profit(settings.dedup),
        experiments,
        site,
        conversions(settings.dedup),
        signals,
        campaignAnomalies,
        trust,
        seriesParts(settings.dedup),
        series,
        forecasts,
        pacing,
        subjectParts,
        campaignWeeks,
        allocation,
        subjects,
        rules,
        autopilot(settings.signing ?? null),
      ],
      emits: [
        ...['persons', 'metrics', 'entities', 'signals', 'settings', KILL_SWITCH_TOPIC, RULES_TOPIC],
        IDENTITY_TOPIC,
        ALLOCATION_TOPIC,
        ...[
          DECISIONS_TOPIC,
          ACTIONS_TOPIC,
          ACTION_RESULTS_TOPIC,
          AUDIT_TOPIC,
          COMMAND_RESULTS,
          FORECASTS_TOPIC,
          PACING_TOPIC,
        ],
      ],
    },
    {
      name: 'person',
      from: 'persons',
      stages: [sessions, touches, funnel(settings.dedup), experimentMembers, days],
      emits: ['sessions', 'metrics', 'touches', EXPERIMENT_PARTS],
    },
    { name: 'journey', from: 'touches', stages: [inForce, journeys], emits: ['journeys', 'credits'] },
    {
      name: 'attribution',
      from: 'credits',
      stages: [given, attributionDaily, ways, fits],
      emits: ['attribution'],
    },
    { name: 'experiments', from: EXPERIMENT_PARTS, stages: [experimentResults], emits: [EXPERIMENTS] },
  ],
  tables,
  tablesModule,
  settings: settable.map(({ name }) => name),
  atOnce: engageAtOnce,
  audit: verifyAudit,
  beside: [
    context => {
      const signer = new CheckpointSigner({
        ...context,
        ...settings.audit,
        signing: settings.signing ?? null,
      })
      signer.start()
      return signer
    },
    context => {
      const closer = new ExperimentCloser(context)
      closer.start()
      return closer
    },
  ],
  decisions: { topic: DECISIONS_TOPIC, kind: decisionKind.name, id: 'decision_id', again: decidedAgain },
  executors: settings.signing
    ? { actions: ACTIONS_TOPIC, killSwitch: KILL_SWITCH_TOPIC, verifier: settings.signing }
    : undefined,
  // Loaded by `start` alone: other commands answer sooner without it.
  serve: async context => (await import('./api/service.ts')).api(context),
  demo: { tenant: 'demo', start: async context => (await import('./demo/index.ts')).demo(context) },
}))

await main(
  app,
  import.meta.url,
  models,
  async () => (await import('./pipelines/policy-tests/command.ts')).checks,
)
