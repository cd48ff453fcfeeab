package grounding

import (
	"cmp"
	"math"
	"slices"

	"dalil/corpus"
	"dalil/searcher/shingle"
)

// work is one context in the making.
type work struct {
	*Builder
	query    corpus.ContextQuery
	asked    string // the question in its own words: what the conversation is about has already chosen the passages
	evidence corpus.Evidence
	form     form
	passages []*passage // that were found, best first
	strips   []*strip   // in the order of their best passage
	byDoc    map[string]*strip
	taken    *shingle.Set // of the sentences that were taken
	order    []*taking    // what was taken, in that order
	spent    int          // tokens of it
	found    map[corpus.ChunkID]*passage
	vanished bool // a passage was gone when its neighbours were read
}

// taking is one step of the choice: sentences of a strip that follow each other.
type taking struct {
	*strip
	sentences []*sentence
	tokens    int
}

// How passages are weighed; docs/chatbots.md says how the figures were chosen.
const (
	temper         = 1.0 // difference of two scores at which the better passage counts e times as much as the other
	judgedTemper   = 1.5 // the same, where the relevance of both is known
	relevancePower = 0.5 // power of the relevance that a weight is multiplied by
)

// weigh gives each passage a weight by its score and its relevance; the sum is 1. A
// passage without relevance counts like the least relevant one.
func weigh(passages []*passage) {
	lowest := float32(math.Inf(1))
	for _, p := range passages {
		if p.Relevance != nil {
			lowest = min(lowest, *p.Relevance)
		}
	}
	judged := !math.IsInf(float64(lowest), 1)
	var sum float64
	for _, p := range passages {
		lead := float64(p.Scores.Fused - passages[0].Scores.Fused)
		p.weight = math.Exp(lead / temper)
		if judged {
			relevance := lowest
			if p.Relevance != nil {
				relevance = *p.Relevance
			}
			p.weight = math.Exp(lead/judgedTemper) * math.Pow(float64(max(relevance, leastRelevance)), relevancePower)
		}
		sum += p.weight
	}
	for _, p := range passages {
		if sum > 0 {
			p.weight /= sum
		}
	}
}

// leastRelevance keeps the weights of passages with a relevance of 0 above 0.
const leastRelevance = 1e-6

func newWork(b *Builder, q corpus.ContextQuery, found corpus.Answer) *work {
	w := &work{
		Builder: b, query: q, asked: cmp.Or(found.Own, q.Text), evidence: found.Evidence, form: forms[q.Format], byDoc: map[string]*strip{}, taken: &shingle.Set{}, found: map[corpus.ChunkID]*passage{},
	}
	for i := range found.Passages {
		p := &passage{Passage: found.Passages[i], found: true}
		w.found[p.Chunk.ID] = p
		w.passages = append(w.passages, p)
	}
	weigh(w.passages)
	return w
}

// sift gives the reasons of the passages that are not to be in the context, and
// lays out the others.
func (w *work) sift() {
	if w.query.MinEvidence != corpus.EvidenceUnknown && w.evidence != corpus.EvidenceUnknown && w.evidence < w.query.MinEvidence {
		for _, p := range w.passages {
			p.reason = corpus.DroppedNoEvidence
		}
		return
	}
	var originals shingle.Originals
	bytes, most := 0, max(w.query.MaxTokens*bytesPerToken+moreBytes, leastBytes)
	for _, p := range w.passages {
		if _, duplicate := originals.Meet(p.Chunk.Text); duplicate {
			p.reason = corpus.DroppedDuplicate
			continue
		}
		if bytes > most {
			continue
		}
		bytes += len(p.Chunk.Text)
		w.add(p)
	}
	for _, s := range w.strips {
		s.lay()
	}
}

// The first passages are read sentence by sentence, until they have this many
// bytes: about twice what a large budget holds, and more of a small one. The rest
// is only compared with them.
const (
	bytesPerToken = 8
	moreBytes     = 2 << 10
	leastBytes    = 9 << 10
)

// add puts a passage into the strip of its document.
func (w *work) add(p *passage) {
	s := w.strip(p.Chunk)
	s.passages = append(s.passages, p)
}

// strip returns the strip of a chunk's document.
func (w *work) strip(c corpus.Chunk) *strip {
	s := w.byDoc[c.DocumentID]
	if s == nil {
		s = &strip{}
		w.byDoc[c.DocumentID] = s
		w.strips = append(w.strips, s)
	}
	return s
}

// dropped lists what was found and is not in the context.
func (w *work) dropped() []corpus.Dropped {
	var all []corpus.Dropped
	for _, p := range w.passages {
		if !p.open {
			all = append(all, corpus.Dropped{Passage: p.Chunk.ID, Reason: w.why(p)})
		}
	}
	return all
}

// why is the reason of a passage that is not in the context.
func (w *work) why(p *passage) corpus.DropReason {
	s := w.byDoc[p.Chunk.DocumentID]
	switch {
	case p.reason != 0:
		return p.reason
	case s != nil && w.query.MaxPerDocument > 0 && s.open >= w.query.MaxPerDocument:
		return corpus.DroppedDocumentLimit
	case len(w.order) > 0 && w.value(s, p) < leastValue && w.fits(s, p):
		return corpus.DroppedNoEvidence
	}
	return corpus.DroppedBudget
}

// value is that of the passage's best sentence.
func (w *work) value(s *strip, p *passage) float64 {
	if p.count == 0 {
		return p.weight
	}
	var best float64
	for _, x := range s.sentences[p.first : p.first+p.count] {
		if x.shown {
			best = max(best, x.value*x.fresh)
		}
	}
	return best
}

// fits reports whether a sentence of the passage would have fitted into what is
// left.
func (w *work) fits(s *strip, p *passage) bool {
	left := w.query.MaxTokens - w.spent
	if p.count == 0 {
		return left >= usualSentence
	}
	for _, x := range s.sentences[p.first : p.first+p.count] {
		if x.tokens < 0 {
			x.tokens = w.count(w.form.body(neutral(x.text)))
		}
		if x.shown && w.overhead(s)+x.tokens <= left {
			return true
		}
	}
	return false
}

// usualSentence is the tokens of a sentence of a passage that was not read sentence
// by sentence.
const usualSentence = 100

// best orders stretches by the best passage that each has.
func best(runs []run) {
	slices.SortStableFunc(runs, func(a, b run) int { return cmp.Compare(a.rank(), b.rank()) })
}

// rank is the best rank of a passage of the stretch.
func (r run) rank() int {
	lowest := math.MaxInt
	for i := r.start; i < r.end; i++ {
		if p := r.sentences[i].passage; p.found {
			lowest = min(lowest, p.Rank)
		}
	}
	return lowest
}
