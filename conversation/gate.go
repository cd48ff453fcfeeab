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
	late       bool    // a pronoun comes after a word that it may refer to: "did the doctors wash their hands?"
	pointer    bool    // a word may point at something: this, there
	begins     bool    // it begins as one that goes on: and, but, ومن
	about      bool    // it asks about something more: what about, وماذا عن
	replies    bool    // it begins with a reply: "no, I meant the first one", "نعم، ومن كتبه؟"
	more       bool    // it names no subject: thanks, good morning, tell me more, اشرح أكثر
	selects    bool    // it only picks a time, a number or one of several: "what about 2022?", "the second one", "وعام 2023؟"
	incomplete bool    // a word is missing: "what did the do?", "متى بدأت في؟"
	bare       bool    // it has at most one word of its own: "when was it built?", "متى تأسست؟"; light words do not count
	defines    bool    // it asks what or who something is: "what is a glider?", "من هو ابن رشد؟"
	meaning    float64 // what its words say, in words of which the index has one passage; 0: stop words only
	specifics  float64 // the specificity of all its words together; see [wordLists]
	inPassage  float64 // share of that weight that the cited passages have, 0 to 1
	inQuestion float64 // share that the newest earlier question has, 0 to 1
	newRare    float64 // how rare the rarest word is that neither has, 0 to 1
	newName    float64 // share of the names and numbers that neither has, 0 to 1
	oldName    float64 // share of the weight that is names and numbers which one of them has, 0 to 1
	similarity float64 // of the question and the newest earlier question, -1 to 1; unknown: 0
	unknown    bool    // the similarity is not known
	toCited    float64 // similarity of the question and a cited passage, -1 to 1; unknown: 0

	citedUnknown bool
	foreign      bool // the cited passages are in another script
}

// clues compares the question with the past.
func (r *Reader) clues(text string, question *lexical.Question, earlier []lexical.Question, past Past, v lexical.Frequencies) clues {
	var c clues
	passages := make([][]float64, len(past.Cited))
	script := lexical.ScriptOf(text)
	for i, p := range past.Cited {
		passages[i] = question.Held(p.Sparse)
		c.foreign = lexical.ScriptOf(p.Text) != script && (c.foreign || i == 0)
	}
	var before []lexical.Group
	if len(earlier) > 0 {
		before = earlier[0].Groups
	}
	held := make([]float64, len(passages))
	var weight, asked, names, newNames, newest float64
	for i, g := range question.Groups {
		if joined[text[g.Span.Start:g.Span.End]] {
			continue
		}
		weight += g.IDF
		known := false
		for j, p := range passages {
			held[j] += g.IDF * p[i]
			known = known || p[i] > 0
		}
		if slices.ContainsFunc(g.Dimensions, func(d uint32) bool { return asksFor(before, d) }) {
			asked += g.IDF
			known = true
		}
		if !known {
			newest = max(newest, g.IDF)
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
	rarest := corpus.IDF(v.Passages(), 1)
	c.newRare = newest / rarest
	c.similarity, c.unknown = known(past.Similarity)
	c.toCited, c.citedUnknown = known(past.CitedSimilarity)
	words := r.analyzer.Words(text)
	if slices.ContainsFunc(words, func(t lexical.Term) bool { return !t.Stop }) {
		c.meaning = weight / rarest
	}
	c.read(words, topic(text, words), r.lists)
	c.replies = replies(text, words)
	return c
}

// asksFor reports whether one of the words has a dimension.
func asksFor(words []lexical.Group, dimension uint32) bool {
	for i := range words {
		if slices.Contains(words[i].Dimensions, dimension) {
			return true
		}
	}
	return false
}

func known(x *float64) (value float64, unknown bool) {
	if x == nil {
		return 0, true
	}
	return *x, false
}

// read checks for words that show that a question depends on another one, or that it does not. The pronouns behind its
// first words, which are its topic, may refer to the topic.
func (c *clues) read(words []lexical.Term, topic int, lists *wordLists) {
	if len(words) == 0 {
		return
	}
	content := 0 // words until now that have a meaning of their own
	own := 0     // the same, without light words
	most := 0.   // the specificity of its most specific word
	defined := defines(words)
	relative := false // a relative clause has begun, in which a pronoun refers to the noun before it: المدينة التي ولد فيها
	for i, w := range words {
		end := i+1 == len(words)
		switch {
		case w.Stop && (joins(words, i) || end && asksWhat(words, i) && defined): // "من هو": it refers to nothing
		case relatives[w.Word]:
			relative = true
		case topic > 0 && i >= topic:
		case !w.Stop && (relative || !attached(w)), w.Stop && !pronouns[w.Word] && (relative || !oblique[w.Word]):
		case content < earlyWords:
			c.pronoun = true
		default:
			c.late = true
		}
		c.pointer = c.pointer || w.Stop && pointers[w.Word]
		if determiners[w.Word] && (end || words[i+1].Stop && !quantifiers[words[i+1].Word]) || dangling[w.Word] && end {
			c.incomplete = true
		}
		if !w.Stop && !joined[w.Word] {
			content++
			specificity := lists.specificity(w)
			c.specifics += specificity
			most = max(most, specificity)
			if !light[w.Word] {
				own++
			}
		}
	}
	c.incomplete = c.incomplete || lists.endsEarly(words)
	first := words[0].Word
	c.about = len(words) > 1 && ((first == "what" || first == "how") && words[1].Word == "about" || (first == "ماذا" || first == "وماذا") && words[1].Word == "عن")
	c.begins = !c.about && (conjunctions[first] || words[0].Stop && asks[strings.TrimPrefix(first, "و")] && strings.HasPrefix(first, "و"))
	c.more = len(words) <= mostMore && !meaningful(words) || courteous(words)
	c.selects = selects(words)
	c.defines = !c.pronoun && !c.incomplete && (most >= leastSpecific || !definite(words)) && defined
	c.bare = own <= 1 && !c.defines && !c.about
}

// empty reports whether a word asks for more or replies, and so says nothing of what a question is about.
func empty(w lexical.Term) bool { return more[w.Word] || reply[w.Word] }

// meaningful reports whether one of the words says what a question is about.
func meaningful(words []lexical.Term) bool {
	return slices.ContainsFunc(words, func(w lexical.Term) bool { return !w.Stop && !empty(w) && !joined[w.Word] })
}

// Says reports whether a message names a subject. For example, "thanks" and "tell me more" name none.
func (r *Reader) Says(question string) bool {
	var room [8]lexical.Term // enough for a word, and not on the heap
	words := r.analyzer.AppendWords(room[:0], question)
	return meaningful(words) && !courteous(words)
}

// means reports whether a word of a question says what it is about.
func (r *Reader) means(word string) bool {
	var room [8]lexical.Term
	return meaningful(r.analyzer.AppendWords(room[:0], word))
}

// replies reports whether a question begins with a word that replies to what was said before, and goes on after a
// punctuation mark: "no, the first one". One that corrects what was said replies too: "I meant the first one".
func replies(text string, words []lexical.Term) bool {
	if len(words) > 2 && longest(corrections, words) > 0 {
		return true
	}
	if len(words) < 2 || !reply[words[0].Word] {
		return false
	}
	next, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[words[0].Span.End:], " "))
	return strings.ContainsRune(",،.;؛!:-–—", next)
}

// topic returns how many words of an English question say what it is about before it begins: "and digital cooperation, which
// forum dealt with it?". 0: there are none, fewer than earlyWords with a meaning of their own, or others. "The opening speech"
// usually belongs to something that was named before, and "in the second year" is a time, so both are none.
func topic(text string, words []lexical.Term) int {
	content := 0
	for i, w := range words {
		if i > 0 && w.Span.Start > words[i-1].Span.End && strings.Contains(text[words[i-1].Span.End:w.Span.Start], ",") {
			if content >= earlyWords && questions[w.Word] {
				return i
			}
			return 0
		}
		switch {
		case !w.Stop:
			content++
		case i == 0 && conjunctions[w.Word], content > 0 && !pronouns[w.Word] && !determiners[w.Word]:
		default:
			return 0
		}
	}
	return 0
}

// earlyWords is the number of content words from which on a pronoun behind them may refer to one of them.
const earlyWords = 2

// mostDefined is the greatest number of words with a meaning of their own in a question that asks what something is.
const mostDefined = 3

// defines reports whether a question consists of a question word, "is" or a pronoun in its place, and what is asked about, in
// this order or with the latter first: "a glider is what?", "ابن رشد من هو؟".
func defines(words []lexical.Term) bool {
	var rest []lexical.Term
	switch {
	case joined[words[0].Word]:
		rest = words[1:]
	case len(words) > 1 && things[words[0].Word] && (copulas[words[1].Word] || joins(words, 1)):
		rest = words[2:]
	default:
		rest = words[:reversed(words)]
	}
	if len(rest) == 0 || rest[len(rest)-1].Stop {
		return false
	}
	content := 0
	for _, w := range rest {
		if w.Stop && !determiners[w.Word] && w.Word != "of" {
			return false
		}
		if !w.Stop {
			content++
		}
	}
	return content <= mostDefined
}

// leastSpecific is the specificity that a word must have to be a subject of its own if it is definite: that of the 503rd of 4,000 general
// words. "What are the results?" asks for those of something else.
const leastSpecific = 0.75

// definite reports whether a question asks about something that is known: "what was discussed?", "what is the result?", "أين تقع المدينة؟". "What
// is software?" and "ما هو التعليم؟" ask what it is.
func definite(words []lexical.Term) bool {
	if words[0].Script == lexical.Arabic {
		return !joined[words[0].Word] && !asksWhat(words, 1) && !asksWhat(words, len(words)-1)
	}
	return slices.ContainsFunc(words, func(w lexical.Term) bool { return w.Word == "the" || w.Word == "was" || w.Word == "were" })
}

// reversed returns how many words come before "is what" or the like at the end of a question. 0: it does not end so.
func reversed(words []lexical.Term) int {
	n := len(words)
	if n > 2 && asksWhat(words, n-1) && !slices.ContainsFunc(words[:n-2], func(w lexical.Term) bool { return tells[w.Word] }) {
		return n - 2
	}
	if n < 3 || !things[words[n-1].Word] {
		return 0
	}
	if words[n-2].Word == "not" {
		n--
	}
	if n < 3 || !copulas[words[n-2].Word] {
		return 0
	}
	return n - 2
}

// joins reports whether an Arabic pronoun joins a question word and what is asked about, as "is" does in "who is".
func joins(words []lexical.Term, i int) bool {
	return len(words) > i+1 && asksWhat(words, i)
}

// asksWhat reports whether a word is an Arabic pronoun behind a question word: "ما هو".
func asksWhat(words []lexical.Term, i int) bool {
	return i > 0 && i < len(words) && pronouns[words[i].Word] && words[i].Script == lexical.Arabic && things[words[i-1].Word]
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
	pronouns     = set("it its itself he him his himself she her hers herself they them their theirs themselves هو هي هم هن هما")
	pointers     = set("this that these those there one ones هذا هذه ذلك تلك هؤلاء هناك")
	oblique      = set(`منه منها منهم فيه فيها عنه عنها له لها لهم به بها بهم عليه عليها اليه اليها معه معها لديه لديها بينهم بينها`)
	relatives    = set("الذي التي الذين اللذان اللذين اللتان اللتين اللاتي اللواتي")
	more         = set("tell give explain continue elaborate details detail example examples اشرح وضح اكمل تابع المزيد اكثر مزيدا تفاصيل مثال امثله")
	reply        = set("yes no ok okay sure right exactly correct wrong thanks thank great good please نعم لا اجل بلي حسنا طيب تمام صحيح شكرا خطا")
	determiners  = set("the a an")
	dangling     = set("of than من في على علي عن الى الي مع بين عند حتى حتي")
	things       = set("what who where ما من اين ماذا")
	light        = set("people person persons take takes took taken place شخص شخصا اشخاص") // they say little: "how many people took part?"
	joined       = set("ماهو ماهي ماهى")                                                   // a question word and "is", as many write it
	questions    = set("who what which where when why how")
	copulas      = set("is are was were تقع يقع")
	tells        = set("اخبرني اخبرنا واخبرني قل وقل قولي اعرف تعرف تعرفين اتعرف اعلم تعلم اتعلم ادري تدري معرفه اخبريني اخبروني قولوا اذكر") // "tell me who it is"
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
