import { RetryableError } from '../../../plugins/errors.ts'
import { errors, type HttpContext, http, patience } from '../../../plugins/http/index.ts'

const MAX_BYTES = 512 << 20

/**
 * The text behind a link that the platform gave. It may lead anywhere: the access token is not sent along.
 * @throws RetryableError: the link has ended (it lives for an hour); what the client throws
 */
export async function fileAt(link: string, context: HttpContext): Promise<string> {
  const { origin } = new URL(link)
  const ended = errors(({ status }) =>
    [403, 404, 410].includes(status)
      ? new RetryableError(`${origin}: the link to the report has ended: HTTP ${status}`)
      : undefined,
  )
  const answer = await http(context, origin, patience({ maxBytes: MAX_BYTES }), ended).ask({ path: link })
  return answer.text()
}
