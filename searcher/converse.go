package searcher

import (
	"context"
	"fmt"
	"slices"

	"dalil/conversation"
	"dalil/corpus"
	"dalil/lexical"
	"dalil/store"
	"dalil/vector"
)

// mostCited is how many cited passages take part.
const mostCited = 3

// readPast reads the earlier questions that say something, and the passages that the newest answers cite. Passages that are gone are left
// out.
func (r *run) readPast(ctx context.Context) (conversation.Past, error) {
	var past conversation.Past
	var ids []corpus.ChunkID
	var said string // by the newest answer without passages
	for _, turn := range slices.Backward(r.query.History) {
		switch {
		case turn.Role == corpus.User && len(past.Questions) < conversation.MostQuestions && r.conversation.Says(turn.Text):
			past.Questions = append(past.Questions, r.conversation.Request(turn.Text))
		case turn.Role == corpus.Assistant && len(turn.Cited) == 0 && said == "":
			said = turn.Text
		case turn.Role == corpus.Assistant && len(ids) < mostCited:
			ids = append(ids, turn.Cited[:min(len(turn.Cited), mostCited-len(ids))]...)
		}
	}
	if len(ids) == 0 && said != "" { // the answer stands for the passages that it does not name
		past.Cited = []conversation.Cited{r.conversation.Said(said)}
	}
	if len(ids) == 0 {
		return past, nil
	}
	points, err := r.deps.Store.Chunks(ctx, ids, store.WithText|store.WithSparse|store.WithDense|store.WithDocument)
	if err != nil {
		return past, fmt.Errorf("read %d passages of the conversation: %w", len(ids), err)
	}
	profiles, err := r.wordsOf(ctx, points)
	if err != nil {
		return past, err
	}
	for i, p := range points {
		r.citedDocuments = append(r.citedDocuments, p.Chunk.DocumentID)
		r.citedVectors = append(r.citedVectors, p.Dense)
		cited := conversation.Cited{Text: p.Chunk.Text, Sparse: p.Sparse, Profile: profiles[i]}
		if p.Document != nil {
			cited.Title = p.Document.Title
		}
		past.Cited = append(past.Cited, cited)
	}
	return past, nil
}

// wordsOf returns the lexical profiles of passages: those that the store keeps, or else those of earlier questions. One that
// the store does not have yet is empty.
func (r *run) wordsOf(ctx context.Context, points []store.Point) ([]lexical.Profile, error) {
	words := make([]lexical.Profile, len(points))
	if r.keeper == nil {
		for i := range points {
			p, _ := parseProfile(r.known.profile(r.profiler, &points[i]))
			words[i] = p.words
		}
		return words, nil
	}
	passages := make([]candidate, len(points))
	for i := range points {
		passages[i].hit.ID = points[i].Chunk.ID
	}
	if err := r.keptProfiles(ctx, passages); err != nil {
		return nil, err
	}
	for i := range passages {
		if p := passages[i].profile; p != nil {
			words[i] = p.words
		}
	}
	return words, nil
}

// converse decides whether the question follows up and lets words and vectors of the conversation join it. vectors are
// of the question and of the earlier ones; none: they could not be embedded. Where the words do not decide, the question
// is searched for alone.
// In doubt, the words join with a small weight, and the question is not read as a follow-up. In slight doubt, they do not
// join: the best passages of the cited documents gain instead, so that other passages keep their order.
func (r *run) converse(ctx context.Context, vectors []corpus.Vector) {
	if len(vectors) > 0 {
		r.vector = vectors[0]
	}
	if len(r.query.History) == 0 {
		return
	}
	defer r.clock.lap(corpus.StageConversation)
	if len(vectors) > 0 && !r.options.AdaptDense { // the gate was fitted to the similarities of the built-in model
		r.past.Similarity = mostSimilar(vectors[0], vectors[1:min(len(vectors), 2)])
		r.past.CitedSimilarity = mostSimilar(vectors[0], r.citedVectors)
	}
	r.past.Search = func() *conversation.Found { return r.searchAlone(ctx) }
	reading := r.conversation.Read(r.query.Text, &r.question, r.past, r.vocabulary)
	if reading.Lean == 0 {
		return
	}
	if reading.FollowsUp() {
		r.followsUp, r.asked = true, reading.Text
	}
	if reading.Slight() && len(r.citedDocuments) > 0 && r.mayRerank() {
		r.doubt = reading.Lean
		return
	}
	r.alone = nil // the question changes
	r.compared = reading.Compared
	reading.Join(&r.question)
	if len(vectors) > 1 {
		r.vector = conversation.Mix(vectors[0], vectors[1:], reading.Lean)
	}
}

// mostSimilar returns the highest cosine similarity of the question and others; nil: there are none.
func mostSimilar(question corpus.Vector, others []corpus.Vector) *float64 {
	var best *float64
	for _, other := range others {
		if len(other) != len(question) {
			continue
		}
		if similarity := float64(vector.DotFloat32(question, other)); best == nil || similarity > *best {
			best = &similarity
		}
	}
	return best
}

// own is the question in its own words. With those of the conversation too, the sentences that say what it is about would
// be preferred to those that answer.
func (r *run) own() string {
	if r.followsUp && !r.conversation.Says(r.query.Text) {
		return r.asked
	}
	return r.query.Text
}
