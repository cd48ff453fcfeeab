package grounding

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"dalil/corpus"
	"dalil/searcher/shingle"
	"dalil/store"
)

// How sentences are weighed; docs/chatbots.md says how the figures were chosen.
const (
	lateMark       = 2.0   // of late interaction, in a sentence's score
	sentenceMark   = 1.0   // of the similarity of question and sentence
	matchedMark    = 2.0   // of the share of the question's word weight that the sentence has
	numberMark     = 0.3   // of a number, where the question asks for one
	sentenceTemper = 0.2   // difference of two sentences' scores at which the better counts e times as much
	tokenPower     = 0.5   // power of its tokens that a sentence's value is divided by; 1 would favour short sentences too much
	reach          = 2     // sentences that a stretch may grow by in one step
	passageShare   = 0.5   // 1: a passage's weight is divided among its sentences; 0: each sentence counts for itself
	nextTo         = 0.25  // what a neighbour's sentence counts of the passage's weight, and again for each further one
	repeated       = 0.8   // share of a sentence that was taken before that makes it a repetition
	mostRaise      = 20.0  // what a sentence's value is multiplied by at most, where better ones of its passage do not fit
	leastValue     = 0.002 // a sentence that counts less opens no block
	leastWeight    = 1e-4  // a passage that counts less is left until neighbours were added
)

// choose takes sentences until the budget is spent: first of the passages that
// were found, by relevance and novelty for their tokens (maximal marginal
// relevance, Carbonell and Goldstein, SIGIR 1998, as a greedy knapsack), then of
// their neighbours.
func (w *work) choose(ctx context.Context) error {
	w.sift()
	if err := w.score(ctx); err != nil {
		return err
	}
	w.spent = w.count(w.form.open) + w.count(w.form.close)
	w.fill(leastWeight)
	if len(w.order) > 0 && *w.query.Around > 0 && w.spent < w.query.MaxTokens {
		if err := w.readAround(ctx); err != nil {
			return err
		}
		w.fill(math.Inf(1))
	}
	w.fill(0)
	return nil
}

// count is the tokens of a piece of the text.
func (w *work) count(piece string) int {
	if piece == "" {
		return 0
	}
	if parts, ok := w.counter.(partCounter); ok {
		return parts.countPart(piece)
	}
	return w.counter.Count(piece)
}

// score gives each sentence its value: the weight of its passage, and how well the
// sentence fits the question among those of its passage and among all. The values of all
// sentences add up to 1.
func (w *work) score(ctx context.Context) error {
	var texts []string
	var scored []*sentence
	for _, s := range w.strips {
		for _, x := range s.sentences {
			scored, texts = append(scored, x), append(texts, x.text)
		}
	}
	marks := make([]float64, len(scored))
	if w.deps.Sentences != nil && len(texts) > 0 {
		ranked, err := w.deps.Sentences.Rerank(ctx, w.asked, texts)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil && len(ranked) == len(texts) {
			for i, r := range ranked {
				marks[i] = lateMark*float64(r.Late) + sentenceMark*float64(r.Sentence)
			}
		}
	}
	if asksNumber(w.asked) {
		for i, x := range scored {
			if strings.ContainsFunc(x.text, unicode.IsNumber) {
				marks[i] += numberMark
			}
		}
	}
	for i := 0; i < len(scored); {
		n := scored[i].passage.count
		mark(scored[i:i+n], marks[i:i+n])
		i += n
	}
	if len(marks) > 0 {
		share(scored, marks)
	}
	return nil
}

// share turns the scores of the sentences into values.
func share(all []*sentence, marks []float64) {
	highest := slices.Max(marks)
	var sum float64
	for i := 0; i < len(all); {
		sentences := all[i : i+all[i].passage.count]
		var fits float64
		for k, s := range sentences {
			s.value = math.Exp((marks[i+k] - highest) / sentenceTemper)
			fits += s.value
		}
		for _, s := range sentences {
			if fits > 0 {
				s.value *= s.weight / math.Pow(fits, passageShare)
			}
			sum += s.value
		}
		i += len(sentences)
	}
	for _, s := range all {
		if sum > 0 {
			s.value /= sum
		}
	}
}

// mark adds to the scores of one passage's sentences what the question's words
// count that each has.
func mark(sentences []*sentence, marks []float64) {
	at, matches := 0, sentences[0].Matches
	var words []float32 // of each word of the question, what its best match in the sentence counts
	for i, s := range sentences {
		at += len(s.text)
		clear(words)
		for ; len(matches) > 0 && matches[0].Span.End <= at; matches = matches[1:] {
			m := matches[0]
			for len(words) <= m.Word {
				words = append(words, 0)
			}
			words[m.Word] = max(words[m.Word], m.Weight)
		}
		for _, weight := range words {
			marks[i] += matchedMark * float64(weight)
		}
	}
}

// move is a step that could be taken next.
type move struct {
	taking
	worth float64 // value for its tokens
}

// fill takes what is worth most for its tokens, again and again, while something
// fits. Only passages that count at least least are opened.
func (w *work) fill(least float64) {
	for {
		m, ok := w.next(least)
		if !ok {
			return
		}
		if w.stale(&m) {
			continue
		}
		w.take(&m.taking)
	}
}

// next finds the best move.
func (w *work) next(least float64) (best move, ok bool) {
	try := func(s *strip, start, end, extra int) {
		m, fits := w.measure(s, start, end, extra)
		if fits && m.worth > best.worth {
			best, ok = m, true
		}
	}
	for _, s := range w.strips {
		for _, p := range s.passages {
			if p.found && !p.open && p.reason == 0 && p.weight >= least {
				w.open(s, p, &best, &ok)
			}
		}
		for r := range s.runs {
			for n := 1; n <= reach; n++ {
				if start := r.start - n; start >= 0 && s.touch(start+1) && !s.sentences[start].taken {
					try(s, start, r.start, 0)
				} else {
					break
				}
			}
			for n := 1; n <= reach; n++ {
				if end := r.end + n; end <= len(s.sentences) && s.touch(end-1) && !s.sentences[end-1].taken {
					try(s, r.end, end, 0)
				} else {
					break
				}
			}
		}
	}
	return best, ok
}

// open tries the sentences of a passage that none is taken of. Where some do not
// fit any more, the others share the passage's weight.
func (w *work) open(s *strip, p *passage, best *move, ok *bool) {
	var all, fitting float64
	var moves []move
	for i := p.first; i < p.first+p.count; i++ {
		all += s.sentences[i].value
		if m, fits := w.measure(s, i, i+1, w.overhead(s)); fits {
			fitting += s.sentences[i].value
			moves = append(moves, m)
		}
	}
	raise := mostRaise
	if fitting*mostRaise > all {
		raise = all / fitting
	}
	for _, m := range moves {
		if m.sentences[0].value*raise < leastValue {
			continue
		}
		if m.worth *= raise; m.worth > best.worth {
			*best, *ok = m, true
		}
	}
}

// measure returns what a stretch is worth, and whether it may be taken.
func (w *work) measure(s *strip, start, end, extra int) (move, bool) {
	m := move{taking: taking{s, s.sentences[start:end], extra}}
	var value float64
	opened := 0
	for i, x := range m.sentences {
		if !x.open && (i == 0 || m.sentences[i-1].passage != x.passage) {
			opened++
		}
		if x.reason != 0 {
			return m, false
		}
		if x.tokens < 0 {
			x.tokens = w.count(w.form.body(neutral(x.text)))
		}
		m.tokens += x.tokens
		if x.shown {
			value += x.value * x.fresh
		}
	}
	if w.spent+m.tokens > w.query.MaxTokens || value == 0 {
		return m, false
	}
	if most := w.query.MaxPerDocument; most > 0 && s.open+opened > most {
		return m, false
	}
	m.worth = value / math.Pow(float64(max(m.tokens, 1)), tokenPower)
	return m, true
}

// stale computes again how much of a move's sentences was taken before, and
// reports whether that changed.
func (w *work) stale(m *move) bool {
	changed := false
	for _, x := range m.sentences {
		if x.known == len(w.order) {
			continue
		}
		if x.prints == nil {
			x.prints = shingle.Prints([]uint32{}, x.text)
		}
		held := w.taken.Share(x.prints)
		if held >= repeated {
			held = 1
		}
		x.known = len(w.order)
		if fresh := 1 - held; fresh < x.fresh {
			x.fresh, changed = fresh, true
		}
	}
	return changed
}

// take puts a stretch into the context.
func (w *work) take(t *taking) {
	for _, x := range t.sentences {
		if !x.open {
			x.open = true
			t.strip.open++
		}
		x.taken = true
		if x.prints == nil {
			x.prints = shingle.Prints([]uint32{}, x.text)
		}
		w.taken.Add(x.prints)
	}
	w.spent += t.tokens
	w.order = append(w.order, t)
}

// giveBack undoes the last step.
func (w *work) giveBack() {
	t := w.order[len(w.order)-1]
	w.order = w.order[:len(w.order)-1]
	w.spent -= t.tokens
	for _, x := range t.sentences {
		x.taken = false
	}
	for _, p := range t.passages {
		open := slices.ContainsFunc(t.strip.sentences[p.first:p.first+p.count], func(x *sentence) bool { return x.taken })
		if p.open && !open {
			t.strip.open--
		}
		p.open = open
	}
}

// readAround reads the neighbours of the passages that are in the context. In the
// same call it looks for these passages again: if one is gone, its document was
// replaced or deleted after the search, and its neighbours are gone too.
func (w *work) readAround(ctx context.Context) error {
	asked := map[corpus.ChunkID]float64{}
	var ids, lookedFor []corpus.ChunkID
	for _, p := range w.passages {
		if !p.open {
			continue
		}
		before, value := len(asked), p.weight
		for n := 1; n <= *w.query.Around; n++ {
			value *= nextTo
			for _, ordinal := range []int{p.Chunk.Ordinal - n, p.Chunk.Ordinal + n} {
				if ordinal < 0 {
					continue
				}
				id := p.Chunk.ID.At(ordinal)
				if known := w.found[id]; known != nil {
					if known.reason == 0 && known.count == 0 && !slices.Contains(w.strip(known.Chunk).passages, known) {
						w.add(known)
					}
					continue
				}
				if _, twice := asked[id]; !twice {
					ids = append(ids, id)
				}
				asked[id] = max(asked[id], value)
			}
		}
		if len(asked) > before {
			lookedFor = append(lookedFor, p.Chunk.ID)
		}
	}
	var points []store.Point
	if len(ids) > 0 {
		var err error
		if points, err = w.deps.Read.Chunks(ctx, append(ids, lookedFor...), store.WithText); err != nil {
			return fmt.Errorf("read %d neighbours: %w", len(ids), err)
		}
	}
	there := map[corpus.ChunkID]bool{}
	for _, point := range points {
		there[point.Chunk.ID] = true
		s := w.byDoc[point.Chunk.DocumentID]
		if _, neighbour := asked[point.Chunk.ID]; !neighbour || s == nil {
			continue
		}
		p := &passage{weight: asked[point.Chunk.ID]}
		p.Chunk = point.Chunk
		p.Document = s.passages[0].Document
		s.passages = append(s.passages, p)
	}
	w.vanished = slices.ContainsFunc(lookedFor, func(id corpus.ChunkID) bool { return !there[id] })
	for _, s := range w.strips {
		s.lay()
		for _, p := range s.passages {
			for i := p.first; i < p.first+p.count; i++ {
				if s.sentences[i].value == 0 {
					s.sentences[i].value = p.weight / float64(p.count)
				}
			}
		}
	}
	return nil
}
