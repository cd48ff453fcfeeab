package server

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

var explainCauses = map[corpus.ExplainCause]dalilv1.ExplainCause{
	corpus.CauseRanked:        dalilv1.ExplainCause_EXPLAIN_CAUSE_RANKED,
	corpus.CauseNotIndexed:    dalilv1.ExplainCause_EXPLAIN_CAUSE_NOT_INDEXED,
	corpus.CauseExpired:       dalilv1.ExplainCause_EXPLAIN_CAUSE_EXPIRED,
	corpus.CauseNotVisible:    dalilv1.ExplainCause_EXPLAIN_CAUSE_NOT_VISIBLE,
	corpus.CauseNoPassages:    dalilv1.ExplainCause_EXPLAIN_CAUSE_NO_PASSAGES,
	corpus.CauseFilter:        dalilv1.ExplainCause_EXPLAIN_CAUSE_FILTER,
	corpus.CauseThreshold:     dalilv1.ExplainCause_EXPLAIN_CAUSE_THRESHOLD,
	corpus.CauseDepth:         dalilv1.ExplainCause_EXPLAIN_CAUSE_DEPTH,
	corpus.CauseNoWords:       dalilv1.ExplainCause_EXPLAIN_CAUSE_NO_WORDS,
	corpus.CauseExcluded:      dalilv1.ExplainCause_EXPLAIN_CAUSE_EXCLUDED,
	corpus.CauseDuplicate:     dalilv1.ExplainCause_EXPLAIN_CAUSE_DUPLICATE,
	corpus.CauseDocumentLimit: dalilv1.ExplainCause_EXPLAIN_CAUSE_DOCUMENT_LIMIT,
	corpus.CauseOldRevision:   dalilv1.ExplainCause_EXPLAIN_CAUSE_OLD_REVISION,
}

var armCauses = map[corpus.ArmCause]dalilv1.ArmCause{
	corpus.ArmFound:     dalilv1.ArmCause_ARM_CAUSE_FOUND,
	corpus.ArmDepth:     dalilv1.ArmCause_ARM_CAUSE_DEPTH,
	corpus.ArmThreshold: dalilv1.ArmCause_ARM_CAUSE_THRESHOLD,
	corpus.ArmNoMatch:   dalilv1.ArmCause_ARM_CAUSE_NO_MATCH,
	corpus.ArmNotUsed:   dalilv1.ArmCause_ARM_CAUSE_NOT_USED,
	corpus.ArmFailed:    dalilv1.ArmCause_ARM_CAUSE_FAILED,
	corpus.ArmExcluded:  dalilv1.ArmCause_ARM_CAUSE_EXCLUDED,
}

// ExplainDocument says where a document is in the answer to a question, or why it is
// not in it.
func (s *searchService) ExplainDocument(ctx context.Context, req *dalilv1.ExplainDocumentRequest) (*dalilv1.ExplainDocumentResponse, error) {
	q, err := query(explainedSearch(req))
	if err != nil {
		return nil, inSearch(err)
	}
	e, err := s.deps.Searcher.Explain(ctx, q, req.GetDocumentId())
	if err != nil {
		return nil, err
	}
	return toExplained(&e, req.GetDocumentId()), nil
}

// explainedSearch returns the question without the settings of a page.
func explainedSearch(req *dalilv1.ExplainDocumentRequest) *dalilv1.SearchRequest {
	search := proto.CloneOf(req.GetSearch())
	search.PageSize, search.PageToken, search.Neighbours, search.Debug, search.View, search.Facets = nil, "", nil, nil, 0, nil
	return search
}

// explained checks a request.
func (c *checker) explained(req *dalilv1.ExplainDocumentRequest) {
	c.documentID("document_id", req.GetDocumentId())
	if req.GetSearch() == nil {
		c.refuse("search", "is missing")
		return
	}
	var invalid *corpus.InvalidError
	if err := inSearch(check(explainedSearch(req), c.limits)); errors.As(err, &invalid) {
		c.violations = append(c.violations, invalid.Violations...)
	}
}

// inSearch names the fields of an error as those of the request's search.
func inSearch(err error) error {
	var invalid *corpus.InvalidError
	if !errors.As(err, &invalid) {
		return err
	}
	named := &corpus.InvalidError{Violations: make([]corpus.Violation, len(invalid.Violations))}
	for i, v := range invalid.Violations {
		v.Field = "search." + v.Field
		named.Violations[i] = v
	}
	return named
}

func toExplained(e *corpus.Explained, id string) *dalilv1.ExplainDocumentResponse {
	to := &dalilv1.ExplainDocumentResponse{
		Cause: explainCauses[e.Cause], Explanation: explanation(e, id), Rank: rank(e.Rank), Candidates: toCount(e.Candidates), Depth: toCount(e.Depth),
		FilterClause: e.Clause,
	}
	if e.Passage != nil {
		to.Passage = toPassage(e.Passage, corpus.FullView)
		to.Passage.Scores, to.Passage.Relevance = toScores(&e.Passage.Scores), e.Passage.Relevance
		if e.Rank == 0 {
			to.Passage.Scores.Fused = nil
		}
	}
	to.MissingPhrases, to.ExcludedWords = e.Lacks, e.Has
	if e.Beaten != nil {
		to.DuplicateOfPassageId = e.Beaten.String()
	}
	for _, a := range e.Arms {
		to.Arms = append(to.Arms, &dalilv1.ExplainedArm{
			Arm: toArms([]corpus.Arm{a.Arm})[0], Cause: armCauses[a.Cause], Score: a.Score, Coverage: a.Coverage, Rank: rank(a.Rank),
			Searched: toCount(a.Searched), LastScore: a.Last, Threshold: a.Threshold,
		})
	}
	for _, w := range e.Words {
		to.Words = append(to.Words, &dalilv1.ExplainedWord{Word: valid(w.Word), Ignored: w.Ignored, InIndex: w.InIndex, InDocument: w.InDocument})
	}
	for _, p := range e.Passages {
		to.Passages = append(to.Passages, &dalilv1.ExplainedPassage{PassageId: p.ID.String(), Cause: explainCauses[p.Cause], Rank: rank(p.Rank)})
	}
	return to
}

// explanation says the cause in a sentence.
func explanation(e *corpus.Explained, id string) string {
	switch e.Cause {
	case corpus.CauseRanked:
		return fmt.Sprintf("The document is in the answer, at rank %d.", e.Rank)
	case corpus.CauseNotIndexed:
		return fmt.Sprintf("The index has no document %q.", id)
	case corpus.CauseExpired:
		return "The document has expired."
	case corpus.CauseNotVisible:
		return "The document is not visible yet."
	case corpus.CauseNoPassages:
		return "The document has no text, so there is nothing to find."
	case corpus.CauseFilter:
		return "The filter leaves the document out: " + e.Clause + "."
	case corpus.CauseThreshold:
		return "The document is below a threshold of the request. " + armsSaid(e)
	case corpus.CauseDepth:
		return fmt.Sprintf("Each arm returns its %d best passages, and the document is not among them. %s", e.Depth, armsSaid(e))
	case corpus.CauseNoWords:
		return "The document has none of the question's words, and only words were searched. " + armsSaid(e)
	case corpus.CauseExcluded:
		var said []string
		for _, phrase := range e.Lacks {
			said = append(said, fmt.Sprintf("no passage of the document has the phrase %q", phrase))
		}
		for _, word := range e.Has {
			said = append(said, fmt.Sprintf("the document has %q, which the question excludes", word))
		}
		if len(said) == 0 {
			return "No passage of the document has all phrases of the question and none of the words that it excludes."
		}
		return "The question's signs leave the document out: " + strings.Join(said, "; ") + "."
	case corpus.CauseDuplicate:
		if e.Beaten != nil {
			return fmt.Sprintf("The document has nearly the same text as passage %s, which ranks higher.", e.Beaten)
		}
		return "The document has nearly the same text as a passage that ranks higher."
	case corpus.CauseDocumentLimit:
		return "Other passages of the same document took the place of this one."
	}
	return "The document was replaced while the question was answered. Ask again."
}

// armsSaid says what each arm did, with the numbers that decided.
func armsSaid(e *corpus.Explained) string {
	var said []string
	for _, a := range e.Arms {
		score, last, threshold, coverage := number(a.Score), number(a.Last), number(a.Threshold), number(a.Coverage)
		rank := fmt.Sprintf("beyond rank %d", a.Searched)
		if a.Rank > 0 {
			rank = fmt.Sprintf("at rank %d", a.Rank)
		}
		name := "The " + a.Arm.String() + " arm"
		switch a.Cause {
		case corpus.ArmDepth:
			said = append(said, fmt.Sprintf("%s has it %s with %s; its last candidate has %s.", name, rank, score, last))
		case corpus.ArmThreshold:
			if a.Arm == corpus.Lexical {
				score = "coverage " + coverage
			}
			said = append(said, fmt.Sprintf("%s has it %s with %s; the threshold is %s.", name, rank, score, threshold))
		case corpus.ArmNoMatch:
			said = append(said, name+" finds none of the question's words in it.")
		case corpus.ArmFailed:
			said = append(said, name+" could not answer.")
		case corpus.ArmNotUsed:
			said = append(said, name+" was not used.")
		}
	}
	return strings.Join(said, " ")
}

func number(v *float32) string {
	if v == nil {
		return "no score"
	}
	return fmt.Sprintf("%.3g", *v)
}
