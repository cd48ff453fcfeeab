// Package conversation completes questions that depend on an earlier conversation, such as "and in 2022?". It needs
// no language model. A gate decides whether a question is a follow-up. If it is, the rare words of earlier
// questions and of cited passages are added to it; older words get lower weights. Start with [Reader.Read].
package conversation

import (
	"strings"

	"dalil/corpus"
	"dalil/lexical"
	"dalil/logistic"
)

// Cited is a passage that an earlier answer cites.
type Cited struct {
	Title, Text string
	Sparse      corpus.Sparse // its lexical vector
	// Profile is that of the passage. Empty: the text is analysed instead.
	Profile lexical.Profile
}

// Past is the conversation before a question.
type Past struct {
	Questions []string // of the user, newest first; at most [MostQuestions] are read
	Cited     []Cited  // by the newest answers, newest first
	// Similarity is the cosine similarity of the question and the newest earlier question, CitedSimilarity that of the
	// question and the cited passage that is most similar. Nil: unknown, or of a model that the gate was not fitted to.
	Similarity, CitedSimilarity *float64
	// Search searches for the question as it is, and returns nil if it cannot. It is called unless the words show that the
	// question depends on the past. Nil: only the words decide.
	Search func() *Found
}

// MostQuestions is how many earlier questions are used.
const MostQuestions = 3

// Word is a word that is added to the question.
type Word struct {
	Text  string
	Share float64 // of the weight that it had if it stood in the question, above 0 and below 1
}

// Reading is a question as it was understood.
type Reading struct {
	// Probability is that the question depends on the past, 0 to 1.
	Probability float64
	// Lean is how much of the past is added, below 1; 0: the question stands alone, and nothing is.
	Lean  float64
	Words []Word // words that are added, those with the largest shares first
	Text  string // the question with the added words
	// Compared is the question that passages are compared with, word by word: the first added words join it only where
	// it is certain that it depends on the past, because the comparison does not know their shares.
	Compared string

	parts []part // the words, as the lexical arm asks for them
}

// Reader reads questions. It is safe for concurrent use.
type Reader struct {
	analyzer *lexical.Analyzer
	expander *lexical.Expander
	encoder  *lexical.Encoder
	gate     *logistic.Model
	searched *logistic.Model // the gate with a search of the question alone
	lists    *wordLists
}

// NewReader returns a Reader with the built-in gate.
func NewReader(a *lexical.Analyzer, x *lexical.Expander) *Reader {
	gate, searched, err := openModels()
	if err != nil {
		panic(err) // the files are a part of the program
	}
	return &Reader{a, x, lexical.NewEncoder(a, lexical.DefaultAverageLength), gate, searched, builtIn()}
}

// EndsEarly reports whether an Arabic question ends with a word that needs another one behind it. The trainer leaves
// such questions out of those that stand alone.
func (r *Reader) EndsEarly(question string) bool {
	return r.lists.endsEarly(r.analyzer.Words(question))
}

// Said returns an answer without citations in the form of a passage.
func (r *Reader) Said(answer string) Cited {
	return Cited{Text: answer, Sparse: r.encoder.Passage("", answer)}
}

// Read completes a question. expanded is the question in the form that the lexical arm searches.
func (r *Reader) Read(question string, expanded *lexical.Question, past Past, v lexical.Frequencies) Reading {
	reading := Reading{Text: question, Compared: question}
	if len(past.Questions) == 0 && len(past.Cited) == 0 {
		return reading
	}
	earlier := r.earlier(&past, v)
	c := r.clues(question, expanded, earlier, past, v)
	var searched bool
	reading.Probability, searched = r.probability(&c, past, v)
	if reading.Lean = lean(reading.Probability, searched); reading.Lean == 0 {
		return reading
	}
	reading.parts = r.join(expanded, earlier, past, v)
	texts := []string{question}
	end := len(question)
	for i := range reading.parts {
		p := &reading.parts[i]
		p.Share *= reading.Lean
		for _, word := range p.Groups {
			g := &p.Question.Groups[word]
			joined := p.text[g.Whole.Start:g.Whole.End]
			reading.Words = append(reading.Words, Word{joined, p.Share})
			texts = append(texts, joined)
			moved := end + 1 - g.Whole.Start // to the reading's text
			g.Span = corpus.Span{Start: g.Span.Start + moved, End: g.Span.End + moved}
			g.Whole = corpus.Span{Start: end + 1, End: end + 1 + len(joined)}
			end += 1 + len(joined)
		}
	}
	reading.Text = strings.Join(texts, " ")
	reading.Compared = strings.Join(texts[:min(len(texts), 1+compared(reading.Probability))], " ")
	return reading
}

// earlier expands the earlier questions, at most MostQuestions of them.
func (r *Reader) earlier(past *Past, v lexical.Frequencies) []lexical.Question {
	past.Questions = past.Questions[:min(len(past.Questions), MostQuestions)]
	earlier := make([]lexical.Question, len(past.Questions))
	for i, q := range past.Questions {
		earlier[i] = r.expander.Question(q, v, false)
	}
	return earlier
}

// Join adds the words to the question.
func (r *Reading) Join(question *lexical.Question) {
	parts := make([]lexical.Part, len(r.parts))
	for i := range parts {
		parts[i] = r.parts[i].Part
	}
	if len(parts) > 0 {
		question.Join(parts)
	}
}
