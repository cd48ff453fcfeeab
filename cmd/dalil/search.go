package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"dalil/client"
	dalilv1 "dalil/proto/dalil/v1"
)

type searchCommand struct {
	Query []string `arg:"" help:"The question, in Arabic or English."`

	remote
	filterFlags
	Limit       int32         `short:"n" default:"10" help:"Number of passages to print."`
	Arms        []string      `placeholder:"ARM,..." help:"Arms to search with: dense (vectors), lexical (words). Default: both."`
	Fusion      string        `enum:"mix,rrf" default:"mix" help:"How the scores of the arms are fused: mix (weighted sum of standardised scores) or rrf (reciprocal ranks)."`
	AnyLanguage bool          `help:"Among equally good passages, do not put those in the question's language first."`
	Rerank      string        `enum:"auto,on,off" default:"auto" help:"Whether to rerank the best candidates: auto (as configured), on or off."`
	MinDense    *float32      `placeholder:"S" help:"Lowest cosine similarity of a passage in the dense arm, -1 to 1."`
	MinCoverage *float32      `placeholder:"S" help:"Lowest coverage of the question's words by a passage in the lexical arm, 0 to 1."`
	Neighbours  int32         `placeholder:"N" help:"Print this many neighbouring passages on each side, 0 to 5."`
	Timeout     time.Duration `default:"10s" help:"How long to wait for the answer. The wait includes the start of the server."`
	Full        bool          `help:"Print whole passages instead of their best matching part."`
	Debug       bool          `help:"Print how the question was understood, and the time of each stage."`
	JSON        bool          `help:"Print one JSON object."`
}

func (c *searchCommand) Run(ctx context.Context, g *Globals, s streams) error {
	if c.Timeout <= 0 {
		return fmt.Errorf("--timeout: must be above 0, is %v", c.Timeout)
	}
	request, err := c.request()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.Timeout) // limits the opening of the store as well
	defer cancel()
	connection, closeAll, err := c.dial(ctx, g, s)
	if err != nil {
		return err
	}
	defer closeAll()
	answer, err := searchAll(ctx, dalilv1.NewSearchServiceClient(connection), request)
	switch {
	case err != nil && errors.Is(ctx.Err(), context.Canceled):
		return ctx.Err()
	case err != nil:
		return c.readable(err, c.Server)
	}
	if c.JSON {
		encoder := json.NewEncoder(s.out)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(answerJSON(answer))
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
		left := request.GetPageSize() - int32(len(answer.GetPassages()))
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
		token = page.GetNextPageToken()
	}
	return answer, nil
}

func (c *searchCommand) request() (*dalilv1.SearchRequest, error) {
	if c.Limit < 1 { // which on the wire means "not given"
		return nil, fmt.Errorf("--limit: must be 1 or more, is %d", c.Limit)
	}
	request := &dalilv1.SearchRequest{
		Query: strings.Join(c.Query, " "), PageSize: &c.Limit,
		MinDenseSimilarity: c.MinDense, MinLexicalCoverage: c.MinCoverage,
		Neighbours: &c.Neighbours, Debug: &c.Debug, Filter: c.filter(),
	}
	arms, err := parseArms(c.Arms)
	if err != nil {
		return nil, err
	}
	request.Arms = arms
	if c.Fusion == "rrf" {
		request.Fusion = &dalilv1.Fusion{Method: dalilv1.FusionMethod_FUSION_METHOD_RRF}
	}
	if c.Rerank != "auto" {
		on := c.Rerank == "on"
		request.Rerank = &on
	}
	if c.AnyLanguage {
		request.PreferQueryLanguage = new(bool)
	}
	return request, nil
}

func parseArms(names []string) ([]dalilv1.Arm, error) {
	var arms []dalilv1.Arm
	for _, name := range names {
		switch name {
		case "dense":
			arms = append(arms, dalilv1.Arm_ARM_DENSE)
		case "lexical":
			arms = append(arms, dalilv1.Arm_ARM_LEXICAL)
		default:
			return nil, fmt.Errorf("--arms: must be dense or lexical, is %q", name)
		}
	}
	return arms, nil
}

// answerJSON is the shape of search --json; its keys are fixed.
func answerJSON(answer *dalilv1.SearchResponse) any {
	type scores struct {
		Dense       *float32 `json:"dense,omitempty"`
		Lexical     *float32 `json:"lexical,omitempty"`
		Coverage    *float32 `json:"coverage,omitempty"`
		Rerank      *float32 `json:"rerank,omitempty"`
		DenseRank   *int32   `json:"dense_rank,omitempty"`
		LexicalRank *int32   `json:"lexical_rank,omitempty"`
	}
	type passage struct {
		Rank       int32      `json:"rank"`
		DocumentID string     `json:"document_id"`
		Title      string     `json:"title"`
		Headings   []string   `json:"headings,omitempty"` // path of headings, outermost first
		Text       string     `json:"text"`
		Score      float32    `json:"score"`
		Scores     scores     `json:"scores"`
		PassageID  string     `json:"passage_id"`
		Ordinal    int32      `json:"ordinal"`
		Span       [2]int32   `json:"span"`
		URL        string     `json:"url,omitempty"`
		Source     string     `json:"source,omitempty"`
		Language   string     `json:"language,omitempty"`
		Highlights [][2]int32 `json:"highlights,omitempty"` // bytes of text
		Before     []string   `json:"before,omitempty"`
		After      []string   `json:"after,omitempty"`
	}
	var out struct {
		Passages           []passage            `json:"passages"`
		Candidates         int32                `json:"candidates"`
		TopDenseSimilarity *float32             `json:"top_dense_similarity,omitempty"`
		Degraded           []string             `json:"degraded,omitempty"`
		Debug              *dalilv1.SearchDebug `json:"debug,omitempty"`
	}
	out.Passages = []passage{}
	out.Candidates, out.TopDenseSimilarity, out.Debug = answer.GetCandidates(), answer.TopDenseSimilarity, answer.GetDebug()
	for _, arm := range answer.GetDegradedArms() {
		out.Degraded = append(out.Degraded, armName(arm))
	}
	for _, stage := range answer.GetDegradedStages() {
		out.Degraded = append(out.Degraded, strings.ToLower(strings.TrimPrefix(stage.String(), "STAGE_")))
	}
	for _, p := range answer.GetPassages() {
		d, sc := p.GetDocument(), p.GetScores()
		row := passage{
			Rank: p.GetRank(), DocumentID: d.GetDocumentId(), Title: d.GetTitle(), Headings: p.GetHeadings(), Text: p.GetText(), Score: sc.GetFused(),
			Scores: scores{sc.Dense, sc.Lexical, sc.Coverage, sc.Rerank, sc.DenseRank, sc.LexicalRank}, PassageID: p.GetPassageId(),
			Ordinal: p.GetOrdinal(), Span: [2]int32{p.GetSpan().GetStart(), p.GetSpan().GetEnd()},
			URL: d.GetUrl(), Source: d.GetSource(), Language: d.GetLanguage(),
		}
		for _, h := range p.GetHighlights() {
			row.Highlights = append(row.Highlights, [2]int32{h.GetStart(), h.GetEnd()})
		}
		for _, n := range p.GetBefore() {
			row.Before = append(row.Before, n.GetText())
		}
		for _, n := range p.GetAfter() {
			row.After = append(row.After, n.GetText())
		}
		out.Passages = append(out.Passages, row)
	}
	return out
}

func armName(arm dalilv1.Arm) string {
	return strings.ToLower(strings.TrimPrefix(arm.String(), "ARM_"))
}
