package conversation

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"dalil/corpus"
	"dalil/lexical"
)

// clues are the inputs of the gate.
type clues struct {
	pronoun    bool    // a word stands for another: it, them, هو
	pointer    bool    // a word may point at something: this, there, منه
	begins     bool    // it begins as one that goes on: and, what about, ومن, وماذا عن
	more       bool    // it asks for more of the same: tell me more, اشرح أكثر
	incomplete bool    // a word is missing: "what did the do?"
	meaning    float64 // what its words say, in words of which the index has one passage; 0: stop words only
	inPassage  float64 // share of that weight that the cited passages have, 0 to 1
	inQuestion float64 // share that the newest earlier question has, 0 to 1
	newName    float64 // share of the names and numbers that neither has, 0 to 1
	oldName    float64 // share of the weight that is names and numbers which one of them has, 0 to 1
	similarity float64 // of the question and the newest earlier question, -1 to 1; unknown: 0
	unknown    bool    // the similarity is not known
	toCited    float64 // similarity of the question and a cited passage, -1 to 1; unknown: 0

	citedUnknown bool
}

// clues compares the question with the past.
func (r *Reader) clues(text string, question *lexical.Question, earlier []lexical.Question, past Past, v lexical.Frequencies) clues {
	var c clues
	passages := make([][]float64, len(past.Cited))
	for i, p := range past.Cited {
		passages[i] = question.Held(p.Sparse)
	}
	before := map[uint32]bool{}
	if len(earlier) > 0 {
		for _, g := range earlier[0].Groups {
			for _, d := range g.Dimensions {
				before[d] = true
			}
		}
	}
	held := make([]float64, len(passages))
	var weight, asked, names, newNames float64
	for i, g := range question.Groups {
		weight += g.IDF
		known := false
		for j, p := range passages {
			held[j] += g.IDF * p[i]
			known = known || p[i] > 0
		}
		for _, d := range g.Dimensions {
			if before[d] {
				asked += g.IDF
				known = true
				break
			}
		}
		if g.Name || g.Number {
			names += g.IDF
			if !known {
				newNames += g.IDF
			}
		}
	}
	if weight > 0 {
		for _, h := range held {
			c.inPassage = math.Max(c.inPassage, h/weight)
		}
		c.inQuestion = asked / weight
	}
	if names > 0 {
		c.newName = newNames / names
		c.oldName = (names - newNames) / weight
	}
	c.similarity, c.unknown = known(past.Similarity)
	c.toCited, c.citedUnknown = known(past.CitedSimilarity)
	words := r.analyzer.Words(text)
	if slices.ContainsFunc(words, func(t lexical.Term) bool { return !t.Stop }) {
		c.meaning = weight / corpus.IDF(v.Passages(), 1)
	}
	c.read(words)
	return c
}

func known(x *float64) (value float64, unknown bool) {
	if x == nil {
		return 0, true
	}
	return *x, false
}

// read checks for words that show that a question depends on another one.
func (c *clues) read(words []lexical.Term) {
	for i, w := range words {
		c.pronoun = c.pronoun || w.Stop && pronouns[w.Word] || !w.Stop && attached(w)
		c.pointer = c.pointer || w.Stop && pointers[w.Word]
		if determiners[w.Word] && (i+1 == len(words) || words[i+1].Stop && !quantifiers[words[i+1].Word]) {
			c.incomplete = true
		}
	}
	if len(words) == 0 {
		return
	}
	first := words[0].Word
	c.begins = conjunctions[first] || len(words) > 1 && (first == "what" || first == "how") && words[1].Word == "about" ||
		words[0].Stop && asks[strings.TrimPrefix(first, "و")] && strings.HasPrefix(first, "و")
	c.more = len(words) <= mostMore && !slices.ContainsFunc(words, func(w lexical.Term) bool { return !w.Stop && !more[w.Word] })
}

// mostMore is the greatest number of words of a question that asks for more.
const mostMore = 4

// attached reports whether a pronoun is written at the end of an Arabic word: افتتحها. The ending ه alone is also that
// of nouns, so it shows nothing.
func attached(w lexical.Term) bool {
	if w.Script != lexical.Arabic || utf8.RuneCountInString(w.Word) < 5 {
		return false
	}
	for _, ending := range []string{"ها", "هم", "هما", "هن"} {
		if rest, ok := strings.CutSuffix(w.Word, ending); ok && !strings.HasSuffix(w.Stem, ending) && rest != "" {
			return true
		}
	}
	return false
}

// Function words that show it.
var (
	pronouns = set("it its itself he him his himself she her hers herself they them their theirs themselves هو هي هم هن هما")
	pointers = set(`this that these those there one ones هذا هذه ذلك تلك هؤلاء هناك
		منه منها منهم فيه فيها عنه عنها له لها لهم به بها بهم عليه عليها اليه اليها معه معها لديه لديها بينهم بينها`)
	more         = set("tell give explain continue elaborate details detail example examples اشرح وضح اكمل تابع المزيد اكثر مزيدا تفاصيل مثال امثله")
	determiners  = set("the a an")
	quantifiers  = set("most more few other own same several such any both each every many much only very")
	conjunctions = set("and but or so also then ثم")
	asks         = set("من ما ماذا متي اين كيف كم لماذا هل اي في عن علي الي مع منذ حتي بعد قبل")
)

func set(words string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(words) {
		all[w] = true
	}
	return all
}
