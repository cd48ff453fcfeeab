package ranker

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"dalil/evaluation"
	"dalil/internal/training"
	"dalil/lexical"
)

// leastShared is how many translations two words share to mean the same.
const leastShared = 2

// Paraphrase returns the set with its English questions in other words, those
// that have any: each word is replaced by the one that shares most translations
// with it in the rows of a dictionary. The passages that answer stay the same,
// so a ranking that only matches words loses them.
func Paraphrase(set evaluation.Set, a *lexical.Analyzer, rows []training.Pair) evaluation.Set {
	english, arabic := map[string][]string{}, map[string][]string{}
	for _, row := range rows {
		if word := strings.ToLower(row.Source); !strings.ContainsAny(word, " -_'") {
			english[word] = append(english[word], row.Target)
			arabic[row.Target] = append(arabic[row.Target], word)
		}
	}
	out := evaluation.Set{Name: set.Name + "-paraphrased", Documents: set.Documents}
	for _, q := range set.Queries {
		if lexical.ScriptOf(q.Text) != lexical.Latin {
			continue
		}
		words, replaced := strings.Fields(strings.ToLower(q.Text)), false
		for i, word := range words {
			if other := synonym(a, word, english, arabic); other != "" {
				words[i], replaced = other, true
			}
		}
		if replaced {
			q.Text = strings.Join(words, " ")
			out.Queries = append(out.Queries, q)
		}
	}
	return out
}

// synonym returns the word of another stem that shares most translations; "":
// none shares enough.
func synonym(a *lexical.Analyzer, word string, english, arabic map[string][]string) string {
	shared := map[string]int{}
	for _, target := range slices.Compact(slices.Sorted(slices.Values(english[word]))) {
		for _, other := range slices.Compact(slices.Sorted(slices.Values(arabic[target]))) {
			if a.Stem(other) != a.Stem(word) {
				shared[other]++
			}
		}
	}
	if len(shared) == 0 {
		return ""
	}
	best := slices.MaxFunc(slices.Sorted(maps.Keys(shared)), func(x, y string) int { return cmp.Compare(shared[x], shared[y]) })
	if shared[best] < leastShared {
		return ""
	}
	return best
}
