/** Of the world's daily budgets, in USD: those above may be raised for their ROAS, the others are capped for their spend. */
const MIDDLE = 150

/** Rules that act by themselves, one on what was earned, one on what was spent. */
export const RULES = [
  {
    ...{ rule: 'raise', version: 1, mode: 'auto', subject: 'campaign' },
    reads: { roas: { metric: 'roas', over: '7 settled days' }, budget: { metric: 'budget' } },
    when: `roas > 0 and budget > ${MIDDLE}`,
    // biome-ignore lint/suspicious/noThenProperty: a rule has one
    then: { action: 'BUDGET_INCREASE', by: '5%' },
  },
  {
    ...{ rule: 'cap', version: 1, mode: 'auto', subject: 'campaign' },
    reads: { spend: { metric: 'spend', over: '7 days' }, budget: { metric: 'budget' } },
    when: `spend > 0 and budget <= ${MIDDLE}`,
    // biome-ignore lint/suspicious/noThenProperty: a rule has one
    then: { action: 'BUDGET_DECREASE', by: '5%' },
  },
]

/** Limits that keep nothing back: it is the gate that does. */
export const SETTINGS = {
  auto_approve: true,
  blast_radius: { entities_pct: 100, money_pct: 100 },
}
