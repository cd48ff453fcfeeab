package server

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

var stages = map[corpus.Stage]dalilv1.Stage{
	corpus.StageExpand:       dalilv1.Stage_STAGE_EXPAND,
	corpus.StageEmbed:        dalilv1.Stage_STAGE_EMBED,
	corpus.StageStore:        dalilv1.Stage_STAGE_STORE,
	corpus.StageFuse:         dalilv1.Stage_STAGE_FUSE,
	corpus.StageRerank:       dalilv1.Stage_STAGE_RERANK,
	corpus.StageArrange:      dalilv1.Stage_STAGE_ARRANGE,
	corpus.StageHydrate:      dalilv1.Stage_STAGE_HYDRATE,
	corpus.StageContext:      dalilv1.Stage_STAGE_CONTEXT,
	corpus.StageConversation: dalilv1.Stage_STAGE_CONVERSATION,
}

var evidences = map[corpus.Evidence]dalilv1.Evidence{
	corpus.EvidenceUnknown:    dalilv1.Evidence_EVIDENCE_UNKNOWN,
	corpus.EvidenceNone:       dalilv1.Evidence_EVIDENCE_NONE,
	corpus.EvidenceWeak:       dalilv1.Evidence_EVIDENCE_WEAK,
	corpus.EvidenceSufficient: dalilv1.Evidence_EVIDENCE_SUFFICIENT,
}

func toArms(from []corpus.Arm) []dalilv1.Arm {
	var to []dalilv1.Arm
	for _, arm := range from {
		for wire, noun := range arms {
			if noun == arm {
				to = append(to, wire)
			}
		}
	}
	return to
}

func toAnswer(a corpus.Answer, q *corpus.Query) *dalilv1.SearchResponse {
	answer := &dalilv1.SearchResponse{
		Passages: toPassages(a.Passages, q.View), Candidates: int32(a.Candidates),
		DegradedArms: toArms(a.Degraded), TopDenseSimilarity: a.TopDense,
		Evidence: evidences[a.Evidence], InterpretedQuery: interpreted(&a), InterpretedTime: toRange(a.Time), Facets: toFacets(a.Facets),
		IndexToken: sealMark(a.Mark),
	}
	for _, stage := range a.DegradedStages {
		answer.DegradedStages = append(answer.DegradedStages, stages[stage])
	}
	scores := make([]scored, len(a.Passages))
	for i := range a.Passages {
		answer.Passages[i].Scores = scores[i].of(&a.Passages[i].Scores)
		answer.Passages[i].Relevance = a.Passages[i].Relevance
		for _, id := range a.Passages[i].Duplicates {
			answer.Passages[i].DuplicatePassageIds = append(answer.Passages[i].DuplicatePassageIds, id.String())
		}
		for _, f := range a.Passages[i].Features {
			answer.Passages[i].RankFeatures = append(answer.Passages[i].RankFeatures, &dalilv1.RankFeature{Name: f.Name, Value: f.Value, Moved: f.Moved})
		}
	}
	if q.PerDocument > 0 {
		answer.Groups, answer.Passages = grouped(answer.Passages), nil
	}
	answer.Timings = toTimings(a.Timings)
	if q.Debug {
		answer.Debug = &dalilv1.SearchDebug{Phrases: a.Phrases, Excluded: a.Excluded, PhrasesIncomplete: a.Cut}
		for _, e := range a.Explanations {
			answer.Debug.Explanations = append(answer.Debug.Explanations, toExplanation(e))
		}
	}
	return answer
}

func toTimings(from []corpus.Timing) []*dalilv1.StageTiming {
	if len(from) == 0 {
		return nil
	}
	to := make([]*dalilv1.StageTiming, len(from))
	all := make([]struct {
		timing   dalilv1.StageTiming
		duration durationpb.Duration
	}, len(from))
	for i, t := range from {
		to[i] = &all[i].timing
		to[i].Stage, to[i].Duration = stages[t.Stage], &all[i].duration
		to[i].Duration.Seconds, to[i].Duration.Nanos = int64(t.Duration/time.Second), int32(t.Duration%time.Second)
	}
	return to
}

func toExplanation(e corpus.Explanation) *dalilv1.Explanation {
	to := &dalilv1.Explanation{Word: e.Word, Term: e.Term, Held: e.Held, Weight: e.Weight}
	for _, t := range e.Translations {
		to.Translations = append(to.Translations, &dalilv1.Translation{Term: t.Term, Weight: t.Weight, Sound: t.Sound})
	}
	return to
}

var views = map[dalilv1.View]corpus.View{
	dalilv1.View_VIEW_UNSPECIFIED: corpus.FullView,
	dalilv1.View_VIEW_IDS:         corpus.IDsView,
	dalilv1.View_VIEW_SNIPPET:     corpus.SnippetView,
	dalilv1.View_VIEW_FULL:        corpus.FullView,
}

// filled is a passage with the messages that it always has. Those of all passages of an
// answer are one piece of memory.
type filled struct {
	passage    dalilv1.Passage
	document   dalilv1.Document
	span, best dalilv1.Span
}

// toPassages translates passages without their scores, which only a search has.
func toPassages(from []corpus.Passage, view corpus.View) []*dalilv1.Passage {
	to, all, highlights := make([]*dalilv1.Passage, len(from)), make([]filled, len(from)), 0
	for i := range from {
		to[i] = all[i].of(&from[i], view)
		if view == corpus.FullView {
			highlights += len(from[i].Highlights)
		}
	}
	if highlights == 0 {
		return to
	}
	lists, messages := make([]*dalilv1.Highlight, highlights), make([]dalilv1.Highlight, highlights)
	for i := range from {
		n := len(from[i].Highlights)
		to[i].Highlights = toHighlights(lists[:n:n], messages[:n], from[i].Highlights)
		lists, messages = lists[n:], messages[n:]
	}
	return to
}

// toPassage translates one passage without its scores.
func toPassage(p *corpus.Passage, view corpus.View) *dalilv1.Passage {
	return toPassages([]corpus.Passage{*p}, view)[0]
}

// of translates a passage without its scores and highlights.
func (w *filled) of(p *corpus.Passage, view corpus.View) *dalilv1.Passage {
	to := &w.passage
	to.PassageId, to.DocumentId, to.Rank = p.Chunk.ID.String(), p.Chunk.DocumentID, int32(p.Rank)
	to.Ordinal, to.Span = int32(p.Chunk.Ordinal), setSpan(&w.span, p.Chunk.Span)
	if view == corpus.IDsView {
		return to
	}
	to.Document, to.Snippet = setDocument(&w.document, &p.Document), p.Snippet
	to.Document.DocumentId, to.Document.Revision = to.DocumentId, p.Chunk.Revision
	to.HeadingPath = slices.Clip(p.Chunk.Headings)
	if p.BestSentence.Len() > 0 {
		to.BestSentence = setSpan(&w.best, p.BestSentence)
	}
	if view == corpus.SnippetView {
		return to
	}
	to.Text, to.Before, to.After = p.Chunk.Text, toNeighbours(p.Before), toNeighbours(p.After)
	return to
}

// toHighlights translates highlights into a list and the messages that it points to, which
// have as many places; nil: there are none.
func toHighlights(to []*dalilv1.Highlight, all []dalilv1.Highlight, from []corpus.Highlight) []*dalilv1.Highlight {
	if len(from) == 0 {
		return nil
	}
	for i, h := range from {
		to[i] = &all[i]
		to[i].Start, to[i].End, to[i].Utf16Start, to[i].Utf16End = int32(h.Start), int32(h.End), int32(h.UTF16Start), int32(h.UTF16End)
	}
	return to
}

func toSpan(s corpus.Span) *dalilv1.Span { return setSpan(&dalilv1.Span{}, s) }

func setSpan(to *dalilv1.Span, s corpus.Span) *dalilv1.Span {
	to.Start, to.End = int32(s.Start), int32(s.End)
	return to
}

func toNeighbours(chunks []corpus.Chunk) []*dalilv1.Neighbour {
	var to []*dalilv1.Neighbour
	for _, c := range chunks {
		to = append(to, &dalilv1.Neighbour{
			PassageId: c.ID.String(), Ordinal: int32(c.Ordinal), Span: toSpan(c.Span), Text: c.Text,
		})
	}
	return to
}

// scored is the scores of a passage with the values that they point to.
type scored struct {
	scores         dalilv1.Scores
	fused          float32
	dense, lexical int32 // ranks
}

func toScores(s *corpus.Scores) *dalilv1.Scores { return new(scored).of(s) }

func (w *scored) of(s *corpus.Scores) *dalilv1.Scores {
	to := &w.scores
	to.Dense, to.Lexical, to.Coverage, to.Rerank = s.Dense, s.Lexical, s.Coverage, s.Rerank
	w.fused, w.dense, w.lexical = s.Fused, int32(s.DenseRank), int32(s.LexicalRank)
	to.Fused = &w.fused
	if s.DenseRank != 0 { // it is among the arm's candidates
		to.DenseRank = &w.dense
	}
	if s.LexicalRank != 0 {
		to.LexicalRank = &w.lexical
	}
	return to
}

// rank returns nil for a passage that is not among an arm's candidates.
func rank(n int) *int32 {
	if n == 0 {
		return nil
	}
	r := int32(n)
	return &r
}
