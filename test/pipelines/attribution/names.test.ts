import t from 'tap'
import { MODEL_NAMES, modelNamed } from '../../../pipelines/attribution/model/names.ts'

t.test('models by our names, by those people ask by, and what DATA_DRIVEN stands for', async t => {
  for (const name of MODEL_NAMES) t.equal(modelNamed(name), name)
  t.equal(modelNamed('TIME_DECAY'), 'time_decay')
  t.equal(modelNamed('shapley_value'), 'shapley')
  t.same([modelNamed('DATA_DRIVEN'), modelNamed('data_driven', 'SHAPLEY_VALUE')], ['markov', 'shapley'])
  t.same([modelNamed('best'), modelNamed('toString'), modelNamed('')], [null, null, null])
})
