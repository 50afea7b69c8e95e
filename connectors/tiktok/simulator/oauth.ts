import { ok, Refusal, type Told } from './answer.ts'
import type { Asked } from './params.ts'
import type { Platform } from './platform.ts'

/** `oauth2/access_token/`: a code of the authorisation page, good once, for the token. */
export class Authorisation {
  readonly #platform: Platform
  readonly #codes = new Set<string>()

  constructor(platform: Platform) {
    this.#platform = platform
  }

  /** What the authorisation page sends back. */
  code(): string {
    const code = `code-${this.#platform.world.seed}-${this.#codes.size}`
    this.#codes.add(code)
    return code
  }

  token(asked: Asked): Told {
    this.#app(asked)
    if (!this.#codes.delete(asked.needed('auth_code')))
      throw new Refusal(40110, 'Auth code is invalid or was used')
    return ok({ access_token: this.#platform.token, advertiser_ids: this.#ids(), scope: [4, 10] })
  }

  advertisers(asked: Asked): Told {
    this.#app(asked)
    const { accounts } = this.#platform.entities
    return ok({ list: accounts.map(({ id, name }) => ({ advertiser_id: id, advertiser_name: name })) })
  }

  #app(asked: Asked): void {
    const { appId = 'app-of-the-simulator', appSecret = 'secret-of-the-app' } = this.#platform.options
    if (asked.needed('app_id') !== appId || asked.needed('secret') !== appSecret)
      throw new Refusal(40113, 'App id or secret is wrong')
  }

  #ids(): string[] {
    return this.#platform.entities.accounts.map(account => account.id)
  }
}
