import type { Source } from '../../engine/source/port.ts'

/** Of a source that changes nothing on its platform and has nothing that stands in for it. */
export const passive: Pick<Source, 'accounts' | 'actions' | 'act' | 'receive' | 'trial'> = {
  accounts: () => [],
  actions: [],
  act: async action => {
    throw new RangeError(action)
  },
  receive: null,
  trial: null,
}
