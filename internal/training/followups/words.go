package followups

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"dalil/lexical"
)

// mostGeneral is how many stems [General] returns at most.
const mostGeneral = 4000

// General returns the stems that are frequent in texts about all subjects, most general first: those with the highest mean of
// the logarithms of their frequency in each subject. Stop words and words in another script are left out.
func General(subjects [][]string, script lexical.Script, analyzer *lexical.Analyzer) []string {
	means := map[string]float64{}
	counts, total := make([]map[string]int, len(subjects)), make([]int, len(subjects))
	for i, texts := range subjects {
		counts[i] = map[string]int{}
		for _, text := range texts {
			for _, t := range analyzer.Words(text) {
				total[i]++
				if !t.Stop && t.Script == script {
					counts[i][t.Stem]++
					means[t.Stem] = 0
				}
			}
		}
	}
	for stem := range means {
		for i := range counts {
			means[stem] += math.Log((float64(counts[i][stem]) + 0.5) / float64(total[i]+1))
		}
		means[stem] = math.Round(means[stem] * 1e9) // the order of the subjects makes no difference
	}
	stems := slices.SortedFunc(maps.Keys(means), func(a, b string) int {
		return cmp.Or(cmp.Compare(means[b], means[a]), cmp.Compare(a, b))
	})
	return stems[:min(len(stems), mostGeneral)]
}

// Limits of [Unfinished].
const (
	unseen       = 2                         // ends of clauses that are added to those of each word, because a word that is seen few times is no evidence
	mostLast     = 0.37                      // how often it is the last one of a clause, relative to all words
	leastLetters = 3                         // a shorter one is often a part of a name
	breaks       = ".?!؟،,;:؛()[]{}«»\"“”\n" // ends of clauses
)

// Unfinished returns the Arabic words that rarely end a clause of the texts, in the order of the alphabet, if they also occur
// there with the article. So most of them are nouns that another noun completes: عاصمة, نوع, سكان. Verbs and most names never have the article.
func Unfinished(texts []string, analyzer *lexical.Analyzer) []string {
	seen, last := map[string]int{}, map[string]int{}
	words, clauses := 0, 0
	for _, text := range texts {
		for clause := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(breaks, r) }) {
			terms := analyzer.Words(clause)
			if len(terms) < 2 {
				continue
			}
			for _, t := range terms {
				if !t.Stop && t.Script == lexical.Arabic {
					seen[t.Word]++
				}
			}
			last[terms[len(terms)-1].Word]++
			words += len(terms)
			clauses++
		}
	}
	usual := float64(clauses) / float64(max(words, 1))
	known := maps.Clone(seen)
	maps.DeleteFunc(seen, func(word string, n int) bool {
		return utf8.RuneCountInString(word) < leastLetters || known["ال"+word] == 0 || float64(last[word]+unseen)/float64(n+unseen) > mostLast*usual
	})
	return slices.Sorted(maps.Keys(seen))
}
