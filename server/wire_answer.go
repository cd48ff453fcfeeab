package server

import (
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
		Passages: make([]*dalilv1.Passage, len(a.Passages)), Candidates: int32(a.Candidates),
		DegradedArms: toArms(a.Degraded), TopDenseSimilarity: a.TopDense,
		Evidence: evidences[a.Evidence], InterpretedQuery: interpreted(&a), InterpretedTime: toRange(a.Time), Facets: toFacets(a.Facets),
		IndexToken: sealMark(a.Mark),
	}
	for _, stage := range a.DegradedStages {
		answer.DegradedStages = append(answer.DegradedStages, stages[stage])
	}
	for i := range a.Passages {
		answer.Passages[i] = toPassage(&a.Passages[i], q.View)
		answer.Passages[i].Scores = toScores(&a.Passages[i].Scores)
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
	for _, t := range a.Timings {
		answer.Timings = append(answer.Timings, &dalilv1.StageTiming{Stage: stages[t.Stage], Duration: durationpb.New(t.Duration)})
	}
	if q.Debug {
		answer.Debug = &dalilv1.SearchDebug{Phrases: a.Phrases, Excluded: a.Excluded, PhrasesIncomplete: a.Cut}
		for _, e := range a.Explanations {
			answer.Debug.Explanations = append(answer.Debug.Explanations, toExplanation(e))
		}
	}
	return answer
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

// toPassage translates a passage without its scores, which only a search has.
func toPassage(p *corpus.Passage, view corpus.View) *dalilv1.Passage {
	to := &dalilv1.Passage{
		PassageId: p.Chunk.ID.String(), DocumentId: p.Chunk.DocumentID, Rank: int32(p.Rank),
		Ordinal: int32(p.Chunk.Ordinal), Span: toSpan(p.Chunk.Span),
	}
	if view == corpus.IDsView {
		return to
	}
	to.Document, to.Snippet = toDocument(&p.Document), p.Snippet
	to.Document.DocumentId, to.Document.Revision = to.DocumentId, p.Chunk.Revision
	to.HeadingPath = append(to.HeadingPath, p.Chunk.Headings...)
	if p.BestSentence.Len() > 0 {
		to.BestSentence = toSpan(p.BestSentence)
	}
	if view == corpus.SnippetView {
		return to
	}
	to.Text, to.Before, to.After = p.Chunk.Text, toNeighbours(p.Before), toNeighbours(p.After)
	to.Highlights = toHighlights(p.Highlights)
	return to
}

func toHighlights(from []corpus.Highlight) []*dalilv1.Highlight {
	if len(from) == 0 {
		return nil
	}
	// One piece of memory for all: a page has hundreds.
	to, all := make([]*dalilv1.Highlight, len(from)), make([]dalilv1.Highlight, len(from))
	for i, h := range from {
		to[i] = &all[i]
		to[i].Start, to[i].End, to[i].Utf16Start, to[i].Utf16End = int32(h.Start), int32(h.End), int32(h.UTF16Start), int32(h.UTF16End)
	}
	return to
}

func toSpan(s corpus.Span) *dalilv1.Span {
	return &dalilv1.Span{Start: int32(s.Start), End: int32(s.End)}
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

func toScores(s *corpus.Scores) *dalilv1.Scores {
	fused := s.Fused
	return &dalilv1.Scores{
		Dense: s.Dense, Lexical: s.Lexical, Coverage: s.Coverage, Rerank: s.Rerank, Fused: &fused,
		DenseRank: rank(s.DenseRank), LexicalRank: rank(s.LexicalRank),
	}
}

// rank returns nil for a passage that is not among an arm's candidates.
func rank(n int) *int32 {
	if n == 0 {
		return nil
	}
	r := int32(n)
	return &r
}
