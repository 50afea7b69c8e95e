import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ContextOptions, sourceContext } from '../../../engine/source/context.ts'

export type Answerer = (
  request: IncomingMessage & { body: string },
  response: ServerResponse,
  call: number,
) => void

interface Tap {
  teardown(work: () => unknown): void
}

/** A platform that answers as it is told; its address. */
export async function platform(t: Tap, answer: Answerer): Promise<string> {
  let calls = 0
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    answer(Object.assign(request, { body: Buffer.concat(pieces).toString() }), response, ++calls)
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export const json = (response: ServerResponse, body: unknown, status = 200, headers = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

export const context = (options: Partial<ContextOptions> = {}) => sourceContext({ config: {}, ...options })
