package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"dalil/client"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

type searchCommand struct {
	Query []string `arg:"" help:"The question, in Arabic or English."`

	remote
	filterFlags
	historyFlag
	arrangeFlags
	readingFlags
	Limit       int32         `short:"n" default:"10" help:"Number of passages to print."`
	Arms        []string      `placeholder:"ARM,..." help:"Arms to search with: dense (vectors), lexical (words). Default: both."`
	Fusion      string        `enum:"mix,rrf" type:"choice" default:"mix" help:"How the scores of the arms are fused: mix (weighted sum of standardised scores) or rrf (reciprocal ranks)."`
	AnyLanguage bool          `help:"Among equally good passages, do not put those in the question's language first."`
	Rerank      string        `enum:"auto,on,off" type:"choice" default:"auto" help:"Whether to rerank the best candidates: auto (as configured), on or off."`
	MinDense    *float32      `placeholder:"S" help:"Lowest cosine similarity of a passage in the dense arm, -1 to 1."`
	MinCoverage *float32      `placeholder:"S" help:"Lowest coverage of the question's words by a passage in the lexical arm, 0 to 1."`
	Neighbours  int32         `placeholder:"N" help:"Print this many neighbouring passages on each side, 0 to 5."`
	Timeout     time.Duration `default:"10s" help:"How long to wait for the answer. The wait includes the start of the server."`
	View        string        `enum:"full,snippet,ids" type:"choice" default:"full" help:"How much of each passage to read: full, snippet (at most 200 characters around what matched) or ids (no text)."`
	MinIndex    string        `name:"min-index-token" placeholder:"TOKEN" help:"Wait until the server has the write whose receipt has this token."`
	Full        bool          `help:"Print whole passages instead of their best matching part."`
	Debug       bool          `help:"Print how the question was understood, and the time of each stage."`
	JSON        bool          `help:"Print the answer as one JSON object, as docs/json.md describes it."`
}

func (c *searchCommand) Run(ctx context.Context, g *Globals, s streams) error {
	request, err := c.request()
	if err != nil {
		return err
	}
	if request.History, err = c.turns(s); err != nil {
		return err
	}
	answer, err := asked(ctx, &c.remote, g, s, c.Timeout, c.flagOf, func(ctx context.Context, searches dalilv1.SearchServiceClient) (*dalilv1.SearchResponse, error) {
		return searchAll(ctx, searches, request)
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, answer)
	}
	return newRenderer(s, c.Full).answer(answer)
}

// searchAll reads pages until it has the requested number of passages, because a
// page of large passages has fewer.
func searchAll(ctx context.Context, service dalilv1.SearchServiceClient, request *dalilv1.SearchRequest) (*dalilv1.SearchResponse, error) {
	answer, err := service.Search(ctx, request, client.WaitForReady())
	if err != nil {
		return nil, err
	}
	for token := answer.GetNextPageToken(); token != ""; {
		left := request.GetPageSize() - int32(len(answer.GetPassages())+len(answer.GetGroups()))
		if left <= 0 {
			break
		}
		next := proto.Clone(request).(*dalilv1.SearchRequest)
		next.PageSize, next.PageToken = &left, token
		page, err := service.Search(ctx, next)
		if err != nil {
			return nil, err
		}
		answer.Passages = append(answer.Passages, page.GetPassages()...)
		answer.Groups = append(answer.Groups, page.GetGroups()...)
		token = page.GetNextPageToken()
		answer.NextPageToken = token
	}
	return answer, nil
}

func (c *searchCommand) request() (*dalilv1.SearchRequest, error) {
	if c.Limit < 1 { // which on the wire means "not given"
		return nil, fmt.Errorf("--limit: must be 1 or more, is %d", c.Limit)
	}
	filter, err := c.filter()
	if err != nil {
		return nil, err
	}
	request := &dalilv1.SearchRequest{
		Query: strings.Join(c.Query, " "), PageSize: &c.Limit,
		MinDenseSimilarity: c.MinDense, MinLexicalCoverage: c.MinCoverage,
		Neighbours: &c.Neighbours, Debug: &c.Debug, Filter: filter, MinIndexToken: c.MinIndex,
	}
	request.View = map[string]dalilv1.View{"snippet": dalilv1.View_VIEW_SNIPPET, "ids": dalilv1.View_VIEW_IDS}[c.View]
	arms, err := parseArms(c.Arms)
	if err != nil {
		return nil, err
	}
	for _, arm := range arms {
		request.Arms = append(request.Arms, map[corpus.Arm]dalilv1.Arm{corpus.Dense: dalilv1.Arm_ARM_DENSE, corpus.Lexical: dalilv1.Arm_ARM_LEXICAL}[arm])
	}
	if c.Fusion == "rrf" {
		request.Fusion = &dalilv1.Fusion{Method: dalilv1.FusionMethod_FUSION_METHOD_RRF}
	}
	if c.Rerank != "auto" {
		on := c.Rerank == "on"
		request.Rerank = &on
	}
	if err := c.read(request); err != nil {
		return nil, err
	}
	if c.AnyLanguage {
		request.PreferQueryLanguage = new(bool)
	}
	if err := c.arrange(request); err != nil {
		return nil, err
	}
	return request, nil
}

// parseArms returns the arms that --arms names, in any case of letters.
func parseArms(names []string) ([]corpus.Arm, error) {
	var arms []corpus.Arm
	for _, name := range names {
		switch strings.ToLower(name) {
		case "dense":
			arms = append(arms, corpus.Dense)
		case "lexical":
			arms = append(arms, corpus.Lexical)
		default:
			return nil, fmt.Errorf("--arms: must be dense or lexical, is %q", name)
		}
	}
	return arms, nil
}

func armName(arm dalilv1.Arm) string {
	return strings.ToLower(strings.TrimPrefix(arm.String(), "ARM_"))
}
