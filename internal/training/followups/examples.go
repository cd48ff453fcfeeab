// Package followups fits the gate that decides whether a question depends on the
// conversation before it. The conversations are made from questions about training
// text. Start with [Examples] and [Rows.Fit].
package followups

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/conversation"
	"dalil/corpus"
	"dalil/embedder"
	"dalil/evaluation"
	"dalil/lexical"
	"dalil/logistic"
)

// Deps are what questions are read with.
type Deps struct {
	Reader   *conversation.Reader
	Expander *lexical.Expander
	Encoder  *lexical.Encoder
	Embedder embedder.Embedder
	Words    func(text string) []evaluation.Word
}

// Weights of examples. To use a conversation that has nothing to do with the question
// costs more than to leave one out.
const (
	otherWeight   = 4   // of all conversations about other documents together
	formWeight    = 0.5 // of a follow-up of a usual form
	turnWeight    = 0.5 // of a question about something else that begins as if it went on
	writtenWeight = 1   // of a follow-up that a person wrote
	shortWeight   = 1   // of all short questions about one word of a question together
	generalWeight = 0.5 // of a follow-up of general words
	acrossWeight  = 0.5 // of the same question after one in the other language, which is added; relative to it
	nearWeight    = 4   // of all conversations about other passages of the same file together, for a question that a person wrote
	unknowns      = 8   // one question in so many has no cited passage, and one has no vectors
	generalEach   = 2   // follow-ups of general words, for each question
	others        = 6   // conversations about other documents, for each question
)

// forms of follow-ups that are made of a question without the words that it shares with
// the one before: what is written before it, by language.
var forms = map[bool][]string{
	false: {"and ", "what about ", "but "},
	true:  {"و", "ماذا عن ", "ثم "},
}

// whole are follow-ups that need no word of their own.
var whole = map[bool][]string{
	false: {"tell me more", "and why?", "explain", "how so?", "and then?", "when?", "who was it?", "where?", "which one?"},
	true:  {"اشرح أكثر", "ولماذا؟", "تفاصيل أكثر", "كيف ذلك؟", "ثم ماذا؟", "متى؟", "من هو؟", "أين؟", "في أي منها؟"},
}

// short are questions about one word, which stand alone.
var short = map[bool][]string{
	false: {"what is %s?", "who was %s?", "where is %s?", "what about %s?"},
	true:  {"ما هو %s؟", "من هو %s؟", "ما هي %s؟", "أين تقع %s؟", "وماذا عن %s؟"},
}

// turns are what a question about another topic may begin with as if it went on, by language.
var turns = map[bool][]string{
	false: {"and ", "but ", "so "},
	true:  {"و", "ولكن ", "ثم "},
}

// Examples makes conversations of the questions of a set, adds those that a person wrote, and returns the signs of their
// last questions. The questions of a set must be in one language. elsewhere are questions about other things than the set.
// twins has the same questions in the other language: a question may follow one in either.
func Examples(ctx context.Context, d Deps, set evaluation.Set, written []Talk, elsewhere []string, twins map[string]string) (Rows, error) {
	m := &maker{Deps: d, ctx: ctx, index: index{held: map[uint32]int{}, passages: len(set.Documents)}, vectors: map[string]corpus.Vector{}, cited: map[string]conversation.Cited{}}
	for _, document := range set.Documents {
		sparse := d.Encoder.Passage(document.Title, document.Text)
		for _, dimension := range sparse.Dimensions {
			m.index.held[dimension]++
		}
		m.cited[document.ID] = conversation.Cited{Title: document.Title, Text: document.Text, Sparse: sparse}
	}
	var asked []evaluation.Judged // those that have an answer
	for _, q := range set.Queries {
		if len(q.Relevant) == 1 {
			asked = append(asked, q)
		}
	}
	generals := 0 // follow-ups of general words until now
	for n, chain := range evaluation.Chains(evaluation.Set{Documents: set.Documents, Queries: asked}, d.Words) {
		document := documentOf(chain.Judged)
		arabic := lexical.ScriptOf(chain.Full) == lexical.Arabic
		switch chain.Kind {
		case evaluation.ChainRemoved:
			m.addBoth(chain.First, twins[chain.First], document, chain.Text, true, 1)
			m.add(chain.First, document, forms[arabic][n%len(forms[arabic])]+chain.Text, true, formWeight)
			for range generalEach {
				m.add(chain.First, document, generalFollowUp(generals, arabic), true, generalWeight)
				generals++
			}
			m.add(chain.First, document, whole[arabic][n%len(whole[arabic])], true, formWeight)
			m.add(chain.First, document, m.last(chain.Text)+"?", true, formWeight)
		case evaluation.ChainPronoun:
			m.addBoth(chain.First, twins[chain.First], document, chain.Text, true, 1)
		case evaluation.ChainAlone: // its conversation may help or not
			for i := range others {
				other := asked[(n*7+i*len(asked)/others)%len(asked)]
				if of := documentOf(other); of != document {
					m.addBoth(other.Text, twins[other.Text], of, chain.Text, false, otherWeight/float64(others))
					if i == 0 {
						m.add(other.Text, of, turns[arabic][n%len(turns[arabic])]+lowered(chain.Text), false, turnWeight)
					}
					if topic := m.topic(chain.Text, of); topic != "" {
						m.add(other.Text, of, fmt.Sprintf(short[arabic][i%len(short[arabic])], topic), false, shortWeight/float64(others))
					}
				}
			}
		}
	}
	written = slices.DeleteFunc(slices.Clone(written), func(t Talk) bool { return m.cited[t.Document].Text == "" })
	for n, talk := range written {
		m.addBoth(talk.First, talk.Twin, talk.Document, talk.Follow, true, writtenWeight)
		near := slices.DeleteFunc(slices.Clone(written), func(t Talk) bool { return t.Document == talk.Document || t.File != talk.File })
		for _, of := range near {
			m.addBoth(of.First, of.Twin, of.Document, talk.Full, false, nearWeight/float64(len(near)))
		}
		for i := range others {
			if of := written[(n+1+i*len(written)/others)%len(written)]; of.Document != talk.Document {
				m.add(of.First, of.Document, talk.Full, false, otherWeight/float64(others))
			}
		}
	}
	for n, question := range elsewhere {
		if other := asked[n*7%len(asked)]; question != "" {
			m.add(other.Text, documentOf(other), question, false, otherWeight)
		}
	}
	return m.rows, m.err
}

// lowered begins with a small letter, as a sentence that goes on does.
func lowered(question string) string {
	first, size := utf8.DecodeRuneInString(question)
	return string(unicode.ToLower(first)) + question[size:]
}

// last returns the last word of a question that has a meaning of its own.
func (m *maker) last(question string) string {
	var last string
	for _, w := range m.Words(question) {
		if !w.Stop {
			last = question[w.Span.Start:w.Span.End]
		}
	}
	return last
}

// topic returns the rarest word of a question, unless a document has it or another word must follow it.
func (m *maker) topic(question, document string) string {
	rarest, least := "", math.MaxInt
	var dimension uint32
	for _, w := range m.Words(question) {
		d := lexical.Hash(w.Stem)
		if held := m.index.Frequency(d); !w.Stop && held > 0 && held < least {
			rarest, least, dimension = question[w.Span.Start:w.Span.End], held, d
		}
	}
	if _, has := slices.BinarySearch(m.cited[document].Sparse.Dimensions, dimension); has || m.Reader.EndsEarly("ما "+rarest) {
		return ""
	}
	return rarest
}

func documentOf(q evaluation.Judged) string {
	for id := range q.Relevant {
		return id
	}
	return ""
}

// index counts words as a store does.
type index struct {
	held     map[uint32]int
	passages int
}

func (x index) Frequency(dimension uint32) int { return x.held[dimension] }
func (x index) Passages() int                  { return x.passages }

// maker collects the rows of one set.
type maker struct {
	Deps
	ctx     context.Context
	index   index
	cited   map[string]conversation.Cited
	vectors map[string]corpus.Vector
	rows    Rows
	n       int // questions until now
	err     error
}

// addBoth reads a question after another one and after its twin in the other language, if there is one.
func (m *maker) addBoth(first, twin, document, question string, follows bool, weight float64) {
	m.add(first, document, question, follows, weight)
	if twin != "" {
		m.add(twin, document, question, follows, weight*acrossWeight)
	}
}

// add reads a question after another one, whose answer cites a document.
func (m *maker) add(first, document, question string, follows bool, weight float64) {
	question = strings.TrimSpace(question)
	similarity := m.similarity(first, question)
	if m.err != nil {
		return
	}
	expanded := m.Expander.Question(question, m.index, false)
	found := m.found(question, &expanded, document)
	past := conversation.Past{Questions: []string{first}, Cited: []conversation.Cited{m.cited[document]}, Similarity: &similarity, CitedSimilarity: found.CitedDense}
	searched := true
	switch m.n++; m.n % unknowns {
	case 0:
		past.CitedSimilarity, past.Cited, searched = nil, nil, false
	case 1:
		past.Similarity, past.CitedSimilarity, found.Dense, found.CitedDense = nil, nil, nil, nil
	}
	signs := m.Reader.Signs(question, &expanded, past, m.index)
	m.rows.Words = append(m.rows.Words, logistic.Row{Signs: signs, True: follows, Weight: weight})
	if searched {
		m.rows.Searched = append(m.rows.Searched, logistic.Row{Signs: m.Reader.SearchedSigns(signs, found, m.index), True: follows, Weight: weight})
	}
}

// found is what a search for a question alone finds, compared with a document.
func (m *maker) found(question string, expanded *lexical.Question, document string) conversation.Found {
	var f conversation.Found
	var dense, cited float64
	for id, c := range m.cited {
		words, similarity := conversation.LexicalScore(expanded.Sparse, c.Sparse, m.index), m.similarity(c.Text, question)
		f.Lexical, dense = max(f.Lexical, words), max(dense, similarity)
		if id == document {
			f.CitedLexical, cited = words, similarity
		}
	}
	f.Dense, f.CitedDense = &dense, &cited
	return f
}

// similarity is the cosine similarity of two questions.
func (m *maker) similarity(a, b string) float64 {
	var sum float64
	u, v := m.vector(a), m.vector(b)
	for i := range min(len(u), len(v)) {
		sum += float64(u[i]) * float64(v[i])
	}
	return sum
}

func (m *maker) vector(text string) corpus.Vector {
	if v, known := m.vectors[text]; known {
		return v
	}
	answer, err := m.Embedder.Embed(m.ctx, embedder.Query, []string{text})
	if err != nil {
		m.err = fmt.Errorf("embed %q: %w", text, err)
		return nil
	}
	m.vectors[text] = answer.Vectors[0]
	return answer.Vectors[0]
}
