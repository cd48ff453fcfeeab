package ranker

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode/utf8"

	"dalil/corpus"
	"dalil/evaluation"
	"dalil/internal/training"
	"dalil/lexical"
)

// TopicsOptions say how many passages and questions are made; zero fields take
// the defaults.
type TopicsOptions struct {
	Windows int    // passages of each file, at most; 0: 120
	Topics  int    // of each language; 0: 250
	Seed    uint64 // of the draw
}

// Gains of a passage that names the topic: in the question's language, and the
// twin of such a passage in the other one.
const (
	ownGain  = 2
	twinGain = 1
)

// Topics makes three judged sets of files of sentence pairs: short topical
// questions in both languages over passages in both, in Arabic alone and in
// English alone. A topic is a word or a phrase that some passages hold; those
// are relevant, and so are their twins in the other language.
func Topics(files [][]training.Pair, a *lexical.Analyzer, o TopicsOptions) []evaluation.Set {
	o.Windows, o.Topics = cmp.Or(o.Windows, 120), cmp.Or(o.Topics, 250)
	random := rand.New(rand.NewPCG(o.Seed, 7))
	var all []window
	for _, pairs := range files {
		all = append(all, windows(pairs, o.Windows)...)
	}
	english := topicsOf(a, all, func(w window) string { return w.english }, lexical.Latin, o.Topics, random)
	arabic := topicsOf(a, all, func(w window) string { return w.arabic }, lexical.Arabic, o.Topics, random)
	mixed := evaluation.Set{Name: "made-mixed"}
	inArabic, inEnglish := evaluation.Set{Name: "made-ar"}, evaluation.Set{Name: "made-en"}
	held := map[string]bool{}
	for i, w := range all {
		ar, en := document(fmt.Sprintf("w-ar-%d", i), w.arabic), document(fmt.Sprintf("w-en-%d", i), w.english)
		inArabic.Documents, inEnglish.Documents = append(inArabic.Documents, ar), append(inEnglish.Documents, en)
		// Some passages have a twin, others exist in one language only.
		kinds := [][]corpus.Document{{ar, en}, {ar}, {en}, {ar, en}, {ar}}[random.IntN(5)]
		for _, d := range kinds {
			held[d.ID] = true
		}
		mixed.Documents = append(mixed.Documents, kinds...)
	}
	for language, topics := range [][]topic{english, arabic} {
		own, other := [][2]string{{"en", "ar"}, {"ar", "en"}}[language][0], [][2]string{{"en", "ar"}, {"ar", "en"}}[language][1]
		for i, t := range topics {
			ask := func(set *evaluation.Set, gains map[string]int, holds func(string) bool) {
				q := evaluation.Judged{ID: fmt.Sprintf("%s-%s-%d", set.Name, own, i), Text: t.text, Tags: []string{own}, Relevant: map[string]int{}}
				for _, n := range t.windows {
					for language, gain := range gains {
						if id := fmt.Sprintf("w-%s-%d", language, n); holds(id) {
							q.Relevant[id] = gain
						}
					}
				}
				if len(q.Relevant) > 0 {
					set.Queries = append(set.Queries, q)
				}
			}
			any := func(string) bool { return true }
			ask(&mixed, map[string]int{own: ownGain, other: twinGain}, func(id string) bool { return held[id] })
			sets := map[string]*evaluation.Set{"ar": &inArabic, "en": &inEnglish}
			ask(sets[own], map[string]int{own: twinGain}, any)
			ask(sets[other], map[string]int{other: twinGain}, any)
		}
	}
	return []evaluation.Set{mixed, inArabic, inEnglish}
}

// topic is a short question and the windows that hold it.
type topic struct {
	text    string
	windows []int
}

// Bounds of a topic.
const (
	leastHolders  = 2    // windows that hold it
	mostHolders   = 25   // and at most
	leastLetters  = 3    // of each word
	leastCohesion = 0.35 // normalised pointwise mutual information of a phrase's words
)

// phrase is a run of words as it is met in the windows.
type phrase struct {
	text    map[string]int // spellings
	words   []string       // stems without stop words
	windows []int
}

// topicsOf draws topics: a quarter single words, half phrases of two, the rest
// phrases of three.
func topicsOf(a *lexical.Analyzer, all []window, side func(window) string, script lexical.Script, n int, random *rand.Rand) []topic {
	phrases, holders := map[string]*phrase{}, map[string]int{}
	for i, w := range all {
		text := side(w)
		count(phrases, holders, a.Words(text), text, script, i)
	}
	byLength := [4][]topic{}
	for _, key := range slices.Sorted(maps.Keys(phrases)) {
		p := phrases[key]
		if len(p.windows) < leastHolders || len(p.windows) > mostHolders || cohesion(p, holders, len(all)) < leastCohesion {
			continue
		}
		spellings := slices.Sorted(maps.Keys(p.text))
		most := slices.MaxFunc(spellings, func(a, b string) int { return cmp.Compare(p.text[a], p.text[b]) })
		byLength[len(p.words)] = append(byLength[len(p.words)], topic{most, p.windows})
	}
	var topics []topic
	for words, part := range []int{0, n / 4, n / 2, n / 4} {
		random.Shuffle(len(byLength[words]), func(i, j int) { byLength[words][i], byLength[words][j] = byLength[words][j], byLength[words][i] })
		topics = append(topics, byLength[words][:min(part, len(byLength[words]))]...)
	}
	return topics
}

// count adds the phrases of a window: one to three words of the script, side by
// side, with at most one stop word between two of them.
func count(phrases map[string]*phrase, holders map[string]int, terms []lexical.Term, text string, script lexical.Script, number int) {
	seen := map[string]bool{}
	for i, first := range terms {
		if !fits(first, script) {
			continue
		}
		if !seen["\x00"+first.Stem] {
			seen["\x00"+first.Stem] = true
			holders[first.Stem]++
		}
		key, words, gap := "", []string(nil), 0
		for j := i; j < len(terms) && len(words) < 3; j++ {
			t := terms[j]
			if j > i && t.Span.Start < terms[j-1].Span.End {
				break // two readings of one place
			}
			if j > i && strings.ContainsAny(text[terms[j-1].Span.End:t.Span.Start], ".,;:!?()[]{}\"'/،؛؟«»–—-\n|=<>") {
				break
			}
			key += " " + t.Stem
			if t.Stop {
				if gap++; gap > 1 {
					break
				}
				continue
			}
			if !fits(t, script) {
				break
			}
			gap, words = 0, append(words, t.Stem)
			p := phrases[key]
			if p == nil {
				p = &phrase{text: map[string]int{}, words: slices.Clone(words)}
				phrases[key] = p
			}
			p.text[text[first.Span.Start:t.Span.End]]++
			if !seen[key] {
				seen[key] = true
				p.windows = append(p.windows, number)
			}
		}
	}
}

func fits(t lexical.Term, script lexical.Script) bool {
	return !t.Stop && t.Script == script && utf8.RuneCountInString(t.Word) >= leastLetters
}

// cohesion is the normalised pointwise mutual information of a phrase's words
// (Bouma, GSCL 2009), the lowest of neighbours; 1 for a single word.
func cohesion(p *phrase, holders map[string]int, windows int) float64 {
	lowest := 1.0
	both := float64(len(p.windows)) / float64(windows)
	for i := 1; i < len(p.words); i++ {
		x, y := float64(holders[p.words[i-1]])/float64(windows), float64(holders[p.words[i]])/float64(windows)
		lowest = min(lowest, math.Log(both/(x*y))/-math.Log(both))
	}
	return lowest
}
