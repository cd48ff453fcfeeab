package corpus

import "slices"

// fewPairs is how many pairs of two lists are compared one by one. Beyond that a set takes less
// time: a document may have thousands of tags, and a filter names hundreds of values.
const fewPairs = 512

// haveOne reports whether two lists of texts have one in common that is not empty.
func haveOne(a, b []string) bool {
	if len(a)*len(b) <= fewPairs {
		return slices.ContainsFunc(a, func(s string) bool { return s != "" && slices.Contains(b, s) })
	}
	if len(a) < len(b) {
		a, b = b, a
	}
	held := setOf(b)
	return slices.ContainsFunc(a, func(s string) bool { return s != "" && held[s] })
}

func setOf(texts []string) map[string]bool {
	held := make(map[string]bool, len(texts))
	for _, s := range texts {
		held[s] = true
	}
	return held
}

// hasOne reports whether the value, or one of its items, equals one of others, which are no lists.
func (v Value) hasOne(others []Value) bool {
	items := v.Items()
	if len(items)*len(others) <= fewPairs {
		return slices.ContainsFunc(others, v.has)
	}
	held := setOf(items)
	return slices.ContainsFunc(others, func(w Value) bool {
		if w.kind == StringKind {
			return held[w.text]
		}
		return v.Equal(w)
	})
}

// distinctTexts returns each of the texts once, in their order.
func distinctTexts(texts []string) (values []Value) {
	if len(texts)*len(texts) <= fewPairs {
		for i, text := range texts {
			if !slices.Contains(texts[:i], text) {
				values = append(values, String(text))
			}
		}
		return values
	}
	met := make(map[string]bool, len(texts))
	for _, text := range texts {
		if !met[text] {
			met[text] = true
			values = append(values, String(text))
		}
	}
	return values
}
