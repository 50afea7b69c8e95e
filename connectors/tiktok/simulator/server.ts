import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type SimulatorServer, serve } from '../../../plugins/simulator/server.ts'
import { Refusal, type Told } from './answer.ts'
import { Ledger } from './ledger.ts'
import { advertiserInfo, listOfLevel } from './lists.ts'
import { Authorisation } from './oauth.ts'
import { Asked, type Params } from './params.ts'
import { Platform, type TikTokOptions } from './platform.ts'
import { Reports } from './reports.ts'
import { Tasks } from './tasks.ts'
import { adgroupBudgetUpdate, adgroupUpdate, campaignUpdate, statusUpdate } from './writes.ts'

export type { TikTokOptions } from './platform.ts'

const BASE = '/open_api/v1.3/'

/** A simulated TikTok that listens on this machine. */
export interface TikTokSimulator extends SimulatorServer {
  /** What `base_url` has to be. */
  readonly baseUrl: string
  readonly platform: Platform
  readonly ledger: Ledger
  readonly tasks: Tasks
  readonly authorisation: Authorisation
}

type Route = (asked: Asked, request: FastifyRequest) => Told

/** Starts it: as the real one it says HTTP 200 to everything, and what it means in the body. */
export async function startTikTok(options: TikTokOptions, { port = 0 } = {}): Promise<TikTokSimulator> {
  const platform = new Platform(options)
  const reports = new Reports(platform)
  const tasks = new Tasks(platform, reports)
  const authorisation = new Authorisation(platform)
  const on =
    (route: (platform: Platform, asked: Asked) => Told): Route =>
    asked =>
      route(platform, asked)
  const reads: Readonly<Record<string, Route>> = {
    'advertiser/info/': on(advertiserInfo),
    'campaign/get/': on(listOfLevel('campaign')),
    'adgroup/get/': on(listOfLevel('adgroup')),
    'ad/get/': on(listOfLevel('ad')),
    'report/integrated/get/': asked => reports.synchronous(asked),
    'report/task/check/': asked => tasks.check(asked),
    'report/task/download/': (asked, request) => tasks.download(asked, `http://${request.headers.host}`),
    'oauth2/advertiser/get/': asked => authorisation.advertisers(asked),
  }
  const writes: Readonly<Record<string, Route>> = {
    'campaign/status/update/': on(statusUpdate('campaign')),
    'adgroup/status/update/': on(statusUpdate('adgroup')),
    'ad/status/update/': on(statusUpdate('ad')),
    'campaign/update/': on(campaignUpdate),
    'adgroup/update/': on(adgroupUpdate),
    'adgroup/budget/update/': on(adgroupBudgetUpdate),
    'report/task/create/': asked => tasks.create(asked),
    'oauth2/access_token/': asked => authorisation.token(asked),
  }
  const server = await serve(
    app => {
      for (const [path, route] of Object.entries(reads)) app.get(BASE + path, answered(platform, path, route))
      for (const [path, route] of Object.entries(writes))
        app.post(BASE + path, answered(platform, path, route))
      files(app, tasks)
    },
    { port, time: options.time },
  )
  const baseUrl = server.url + BASE.slice(0, -1)
  return { ...server, baseUrl, platform, ledger: new Ledger(platform), tasks, authorisation }
}

function answered(platform: Platform, path: string, route: Route) {
  return (request: FastifyRequest, reply: FastifyReply) => {
    const isQuery = request.method === 'GET'
    let told: Told
    try {
      if (path !== 'oauth2/access_token/') platform.authorise(request.headers['access-token'])
      platform.count(path)
      const ordered = platform.faults.refusal()
      if (ordered) throw new Refusal(ordered.code, ordered.message)
      const params = (isQuery ? request.query : request.body) as Params | null
      told = route(new Asked(params ?? {}, isQuery), request)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      told = { code: error.code, message: error.message, data: {} }
    }
    const { code, message, data, headers = {} } = told
    return reply.headers(headers).send({ code, message, request_id: platform.requestId(), data })
  }
}

/** Files lie with another service: who sends it the access token has given it away. */
function files(app: FastifyInstance, tasks: Tasks): void {
  app.get<{ Params: { name: string }; Querystring: { sign?: string } }>('/files/:name', (request, reply) => {
    if (request.headers['access-token'] !== undefined) return reply.code(400).send('credentials sent along')
    const text = tasks.file(request.params.name.replace(/\.csv$/, ''), request.query.sign)
    if (text === null) return reply.code(403).send('the link has ended')
    return reply.type('text/csv').send(text)
  })
}
