package claims

import (
	"dalil/grounding/claims"
	"dalil/logistic"
)

const (
	// rounds of choosing the best sentence of each example and fitting to it.
	rounds = 4
	ridge  = 1
)

// Fit fits the model to the sentence that it finds best itself: a claim is supported
// by its best sentence, so the other sentences do not matter. The first round takes
// every sentence.
func Fit(examples []Example) (*logistic.Model, error) {
	var model *logistic.Model
	for round := range rounds {
		var rows []logistic.Row
		add := func(c *claims.Comparison, is bool, weight float64) {
			rows = append(rows, logistic.Row{Signs: c.Signs, True: is, Weight: weight})
		}
		for i := range examples {
			e := &examples[i]
			if round > 0 {
				add(best(model, e.With), true, e.Weight)
				add(best(model, e.Without), false, e.Weight)
				continue
			}
			add(&e.With[0], true, e.Weight) // the first sentence of the translation
			for j := range e.Without {
				add(&e.Without[j], false, e.Weight/float64(len(e.Without)))
			}
		}
		var err error
		if model, err = logistic.Fit(rows, claims.SignNames(), ridge); err != nil {
			return nil, err
		}
	}
	return model, nil
}

// best returns the comparison with the highest support.
func best(m *logistic.Model, all []claims.Comparison) *claims.Comparison {
	found := &all[0]
	for i := range all {
		if m.Odds(all[i].Signs) > m.Odds(found.Signs) {
			found = &all[i]
		}
	}
	return found
}
