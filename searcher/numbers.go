package searcher

import "dalil/lexical"

// askedNumbers says which documents have the numbers that the question has in digits. The signs cannot
// say it: a passage about the iPhone 12 has everything else of a question about the iPhone 15.
type askedNumbers struct {
	all  []lexical.AskedNumber
	held map[string][]bool // of each number, by the id of the document
}

// numbersIn looks for the question's numbers in the best candidates. Those of the conversation do not count. A
// document has a number if one of its candidates or its title has it, or if it is of the year that is asked for.
func (r *run) numbersIn(best []candidate) askedNumbers {
	n := askedNumbers{all: r.deps.Expander.AskedNumbers(r.query.Text, &r.question)}
	if len(n.all) == 0 {
		return n
	}
	n.held = map[string][]bool{}
	for i := range best {
		c := &best[i]
		held := n.held[c.hit.DocumentID]
		if held == nil {
			held = make([]bool, len(n.all))
			n.held[c.hit.DocumentID] = held
		}
		for k := range n.all {
			held[k] = held[k] || c.profile == nil || n.all[k].Year && c.timely || n.all[k].In(c.profile.words)
		}
	}
	return n
}

// in reports whether the candidate's document has all numbers.
func (n *askedNumbers) in(c *candidate) bool {
	for _, held := range n.held[c.hit.DocumentID] {
		if !held {
			return false
		}
	}
	return true
}
