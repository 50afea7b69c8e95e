import type { Ad, AdAccount, AdCampaign, AdSet, AdWorld } from '../../../plugins/simulator/world/port.ts'

export interface Node {
  readonly level: 'adaccounts' | 'campaigns' | 'adsquads' | 'ads'
  readonly account: AdAccount
  readonly campaign?: AdCampaign
  readonly adset?: AdSet
  readonly ad?: Ad
}

/** Everything of the world's Snapchat accounts by id, in the order of ids. */
export class AccountTree {
  readonly accounts: readonly AdAccount[]
  readonly #nodes = new Map<string, Node>()

  constructor(world: AdWorld) {
    this.accounts = world.accounts('snapchat')
    for (const account of this.accounts) {
      this.#nodes.set(`adaccounts/${account.id}`, { level: 'adaccounts', account })
      for (const campaign of account.campaigns) {
        this.#nodes.set(`campaigns/${campaign.id}`, { level: 'campaigns', account, campaign })
        for (const adset of campaign.adsets) {
          this.#nodes.set(`adsquads/${adset.id}`, { level: 'adsquads', account, campaign, adset })
          for (const ad of adset.ads)
            this.#nodes.set(`ads/${ad.id}`, { level: 'ads', account, campaign, adset, ad })
        }
      }
    }
  }

  node(level: string, id: string): Node | null {
    return this.#nodes.get(`${level}/${id}`) ?? null
  }

  /** Nodes of a level under another, by id. */
  under(node: Node, level: string): Node[] {
    const campaigns = node.campaign ? [node.campaign] : node.account.campaigns
    const adsets = node.adset ? [node.adset] : campaigns.flatMap(c => c.adsets)
    const ids = {
      adaccounts: [node.account],
      campaigns,
      adsquads: adsets,
      ads: node.ad ? [node.ad] : adsets.flatMap(s => s.ads),
    }[level as Node['level']]
    return (ids ?? []).map(({ id }) => this.node(level, id)!).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
  }
}

export const idOf = ({ account, campaign, adset, ad }: Node): string =>
  (ad ?? adset ?? campaign ?? account).id
