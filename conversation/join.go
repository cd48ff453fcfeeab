package conversation

import (
	"cmp"
	"math"
	"slices"

	"dalil/corpus"
	"dalil/lexical"
)

// Weights of the words that are added to a question. Each earlier question has half the weight of
// the one after it.
const (
	questionShare = 0.7
	titleShare    = 0.4
	passageShare  = 0.15
	decay         = 0.5
	// mostPassageWords is how many words of a cited passage are added.
	mostPassageWords = 2
	// mostWords is how many words are added altogether.
	mostWords = 8
	// longestWord is how many bytes a word may have that is added. A longer run of letters is hardly a word.
	longestWord = 200
	// mostCompared is how many of them passages are compared with, word by word, if the question has words of its own.
	mostCompared = 3
)

// source is a text of the past whose words are added to the question.
type source struct {
	share    float64
	question *lexical.Question // text as the lexical arm asks for it; nil: it has to be expanded
	text     func() string
}

// part is some of the words of a source.
type part struct {
	lexical.Part
	text string // of the source
}

// sources lists the texts of the past in descending order of weight.
func (r *Reader) sources(earlier []lexical.Question, past Past, v lexical.Frequencies) []source {
	all := make([]source, 0, len(earlier)+2*len(past.Cited))
	for i, text := range past.Questions[:len(earlier)] {
		all = append(all, source{questionShare * math.Pow(decay, float64(i)), &earlier[i], func() string { return text }})
	}
	for i, c := range past.Cited {
		age := math.Pow(decay, float64(i))
		all = append(all,
			source{share: titleShare * age, text: func() string { return c.Title }},
			source{share: passageShare * age, text: func() string { return r.salient(c, v) }})
	}
	slices.SortStableFunc(all, func(a, b source) int { return cmp.Compare(b.share, a.share) })
	return all
}

// join collects the words of the past that the question does not have, in descending order of
// weight. It reads no text after the last word that is added.
func (r *Reader) join(question *lexical.Question, earlier []lexical.Question, past Past, v lexical.Frequencies) []part {
	added := make([][]uint32, 0, mostWords) // the dimensions of each word
	var parts []part
	left := mostWords
	for _, s := range r.sources(earlier, past, v) {
		if left == 0 {
			break
		}
		text, q := s.text(), s.question
		if text == "" {
			continue
		}
		if q == nil {
			expanded := r.expander.Question(text, v, false)
			q = &expanded
		}
		p := part{lexical.Part{Question: q, Share: s.share}, text}
		for i := range q.Groups {
			g := &q.Groups[i]
			if left == 0 {
				break
			}
			if g.Whole.End-g.Whole.Start > longestWord || len(g.Dimensions) > 0 && (asksFor(question.Groups, g.Dimensions[0]) || hasOne(added, g.Dimensions[0])) || !r.means(text[g.Whole.Start:g.Whole.End]) {
				continue
			}
			added = append(added, g.Dimensions)
			p.Groups = append(p.Groups, i)
			left--
		}
		if len(p.Groups) > 0 {
			parts = append(parts, p)
		}
	}
	return parts
}

// hasOne reports whether one of the lists has a dimension.
func hasOne(lists [][]uint32, dimension uint32) bool {
	return slices.ContainsFunc(lists, func(list []uint32) bool { return slices.Contains(list, dimension) })
}

// Mix adds the vectors of earlier questions, newest first, to the question's vector, weighted by how
// much it depends on them. It returns a vector of unit length.
func Mix(question corpus.Vector, earlier []corpus.Vector, lean float64) corpus.Vector {
	mixed := slices.Clone(question)
	for i, e := range earlier {
		share := float32(lean * questionShare * math.Pow(decay, float64(i)))
		for j := range mixed {
			mixed[j] += share * e[j]
		}
	}
	var square float64
	for _, x := range mixed {
		square += float64(x) * float64(x)
	}
	if square == 0 {
		return question
	}
	for j := range mixed {
		mixed[j] = float32(float64(mixed[j]) / math.Sqrt(square))
	}
	return mixed
}
