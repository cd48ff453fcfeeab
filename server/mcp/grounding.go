package mcp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	dalilv1 "dalil/proto/dalil/v1"
)

// groundingArguments are the arguments of check_grounding.
type groundingArguments struct {
	Answer     string   `json:"answer" jsonschema:"the answer to check; [1] in it cites the first passage, or the first block of get_context"`
	PassageIDs []string `json:"passage_ids,omitempty" jsonschema:"passages that should support the answer"`
	Query      string   `json:"query,omitempty" jsonschema:"the question, if there are no passage_ids: its context should support the answer"`
	MaxTokens  int      `json:"max_tokens,omitempty" jsonschema:"largest size of the answer, in tokens"`
}

// checked is how well the sources support an answer.
type checked struct {
	Support *float32 `json:"support,omitempty" jsonschema:"of the whole answer, 0 to 1; absent if no sentence needs support"`
	Claims  []claim  `json:"claims"`
	// Missing are passages that no longer exist.
	Missing []string `json:"missing_passage_ids,omitempty"`
	LeftOut string   `json:"left_out,omitempty"`
}

// claim is one sentence of the answer.
type claim struct {
	Text         string   `json:"text"`
	NeedsSupport bool     `json:"needs_support"`
	Support      *float32 `json:"support,omitempty" jsonschema:"0 to 1"`
	CitedWrongly bool     `json:"cited_wrongly,omitempty" jsonschema:"it is supported, but not by what its marker names"`
	Citations    []string `json:"citations,omitempty" jsonschema:"what supports it, best first"`
	Mismatches   []string `json:"mismatches,omitempty" jsonschema:"numbers, dates and names that the source does not have, and words that only one of both negates"`
}

func (t *tools) addGrounding(s *mcp.Server) {
	add(s, description{
		name: "check_grounding", title: "Check an answer",
		text: "Check which sentences of an answer are supported by passages. Give passage_ids, or the query of get_context. " +
			"Remove or correct sentences with low support or with mismatches. The weakest sentences come first.",
		numbers: map[string]bounds{"max_tokens": tokenBounds},
	}, t.doGrounding)
}

func (t *tools) doGrounding(ctx context.Context, in groundingArguments) (*mcp.CallToolResult, checked, error) {
	if (len(in.PassageIDs) > 0) == (in.Query != "") {
		return nil, checked{}, errors.New("passage_ids: give either passage_ids or query")
	}
	response, err := t.search.CheckGrounding(ctx, &dalilv1.CheckGroundingRequest{Answer: in.Answer, PassageIds: in.PassageIDs, Query: in.Query})
	if err != nil {
		return nil, checked{}, failure(err, nil)
	}
	all := checkedOf(response)
	budget := cmp.Or(in.MaxTokens, DefaultTokens)
	first := func(n int) checked {
		answer := all
		answer.Claims = all.Claims[:n]
		if left := len(all.Claims) - n; left > 0 {
			answer.LeftOut = fmt.Sprintf("%d better supported sentences did not fit; ask again with a larger max_tokens (up to %d)", left, MaxTokens)
		}
		return answer
	}
	n, err := t.largest(budget, len(all.Claims), func(n int) any { return first(n) })
	if err == nil && n == 0 && len(all.Claims) > 0 {
		err = tooSmall(budget)
	}
	if err != nil {
		return nil, checked{}, err
	}
	return nil, first(n), nil
}

func checkedOf(r *dalilv1.CheckGroundingResponse) checked {
	answer := checked{Support: r.Support, Claims: []claim{}, Missing: r.GetMissingPassageIds()}
	for _, c := range r.GetClaims() {
		one := claim{Text: c.GetText(), NeedsSupport: c.GetNeedsSupport(), Support: c.Support, CitedWrongly: c.GetCitedWrongly()}
		for _, cited := range c.GetCitations() {
			if name := "[" + cited.GetCitation() + "]"; !slices.Contains(one.Citations, name) {
				one.Citations = append(one.Citations, name)
			}
		}
		for _, m := range c.GetMismatches() {
			kind := strings.ToLower(strings.TrimPrefix(m.GetKind().String(), "MISMATCH_KIND_"))
			one.Mismatches = append(one.Mismatches, fmt.Sprintf("%s: the answer has %q, the source has %s", kind, m.GetClaimText(), instead(m)))
		}
		answer.Claims = append(answer.Claims, one)
	}
	// A budget that is too small keeps what needs attention.
	slices.SortStableFunc(answer.Claims, func(a, b claim) int { return cmp.Compare(a.rank(), b.rank()) })
	return answer
}

// rank orders claims: the weakest support first, and what needs none last.
func (c *claim) rank() float32 {
	if c.Support == nil {
		return 2
	}
	return *c.Support
}

// instead is what stands in the source in the place of a mismatch.
func instead(m *dalilv1.Mismatch) string {
	if m.GetSourceText() == "" {
		return "none"
	}
	return fmt.Sprintf("%q", m.GetSourceText())
}
