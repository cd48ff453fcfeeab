package app

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"
	"google.golang.org/grpc/experimental"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/internal/config"
	"dalil/lexical"
	"dalil/searcher"
	"dalil/store"
	"dalil/store/qdrant"
)

// given embeds by looking up what was embedded before.
type given struct {
	embedder.Embedder
	vectors map[string]corpus.Vector
}

func (g given) Embed(_ context.Context, _ embedder.Role, texts []string) (embedder.Embeddings, error) {
	var e embedder.Embeddings
	for _, t := range texts {
		e.Vectors = append(e.Vectors, g.vectors[t])
	}
	return e, nil
}

// measured are the settings of the collection to measure and the questions to
// ask it. DALIL_TEST_CHUNK_TOKENS is what the collection was indexed with, where
// that is not the default.
func measured(b *testing.B) (c config.Config, questions []string) {
	address, alias, file := os.Getenv("DALIL_TEST_QDRANT"), os.Getenv("DALIL_TEST_ALIAS"), os.Getenv("DALIL_TEST_QUESTIONS")
	if address == "" || alias == "" || file == "" {
		b.Skip("DALIL_TEST_QDRANT, DALIL_TEST_ALIAS and DALIL_TEST_QUESTIONS name no server, alias and questions")
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	c = config.Default()
	c.Store.Name, c.Store.Address, c.Store.Collection = "qdrant", address, alias
	c.Embedder.CacheBytes = 0
	if tokens := os.Getenv("DALIL_TEST_CHUNK_TOKENS"); tokens != "" {
		if c.Index.ChunkTokens, err = strconv.Atoi(tokens); err != nil {
			b.Fatal(err)
		}
	}
	return c, slices.Collect(strings.Lines(string(raw)))
}

// BenchmarkReadPath compares, question by question in one run, the bare calls of
// the SDK with what this program makes of them. It needs a server in
// DALIL_TEST_QDRANT, an alias with documents in DALIL_TEST_ALIAS and a file of
// questions, one a line, in DALIL_TEST_QUESTIONS.
func BenchmarkReadPath(b *testing.B) {
	c, asked := measured(b)
	address := c.Store.Address
	ctx := b.Context()
	a, err := Open(ctx, c, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	g := a.generation.g
	known := given{g.embedder, map[string]corpus.Vector{}}
	for _, q := range asked {
		e, err := g.embedder.Embed(ctx, embedder.Query, []string{q})
		if err != nil {
			b.Fatal(err)
		}
		known.vectors[q] = e.Vectors[0]
	}
	analyzer := lexical.NewAnalyzer()
	lexicon, err := lexical.DefaultLexicon()
	if err != nil {
		b.Fatal(err)
	}
	expander := lexical.NewExpander(analyzer, lexicon, lexical.ExpandOptions{})
	plain := searcher.New(searcher.Deps{Store: g.opened, Embedder: known, Analyzer: analyzer, Expander: expander}, searcher.Options{Depth: c.Search.Depth})
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		b.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		b.Fatal(err)
	}
	client, err := sdk.NewClient(&sdk.Config{
		Host: host, Port: number, SkipCompatibilityCheck: true,
		// As in a program that has no gzip of its own; see store/qdrant/plain.go.
		GrpcOptions: []grpc.DialOption{grpc.WithDefaultCallOptions(experimental.AcceptCompressors("dalil-plain"))},
	})
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	vocabulary, err := g.opened.Vocabulary(ctx)
	if err != nil {
		b.Fatal(err)
	}
	no := false
	ways := []struct {
		name string
		ask  func(q string) error
	}{
		{"bare", func(q string) error {
			return bare(ctx, client, g, known.vectors[q], expander.Question(q, vocabulary, false).Sparse, false)
		}},
		{"bare-union", func(q string) error {
			return bare(ctx, client, g, known.vectors[q], expander.Question(q, vocabulary, false).Sparse, true)
		}},
		{"store", func(q string) error {
			found, err := g.opened.Search(ctx, []store.ArmQuery{
				{Dense: known.vectors[q], Limit: 100}, {Sparse: expander.Question(q, vocabulary, false).Sparse, Limit: 100},
			})
			if err != nil {
				return err
			}
			var ids []corpus.ChunkID
			for _, h := range found[0][:10] {
				ids = append(ids, h.ID)
			}
			_, err = g.opened.Chunks(ctx, ids, store.WithText|store.WithDocument)
			return err
		}},
		{"searcher", func(q string) error {
			_, err := plain.Search(ctx, corpus.Query{Text: q, Limit: 10, Rerank: &no})
			return err
		}},
		{"default", func(q string) error { _, err := a.Search(ctx, corpus.Query{Text: q, Limit: 10}); return err }},
	}
	times := make([][]time.Duration, len(ways))
	for i := 0; b.Loop(); i++ {
		q := asked[i%len(asked)]
		for w := range ways {
			start := time.Now()
			if err := ways[(i+w)%len(ways)].ask(q); err != nil {
				b.Fatal(err)
			}
			times[(i+w)%len(ways)] = append(times[(i+w)%len(ways)], time.Since(start))
		}
	}
	for w, way := range ways {
		slices.Sort(times[w])
		p50, p99 := times[w][len(times[w])/2], times[w][len(times[w])*99/100]
		b.ReportMetric(float64(p50.Microseconds()), way.name+"-p50-µs")
		b.ReportMetric(float64(p99.Microseconds()), way.name+"-p99-µs")
	}
	median := func(w int) float64 { return float64(times[w][len(times[w])/2]) }
	b.ReportMetric(median(2)/median(0), "store/bare")
	b.ReportMetric(median(3)/median(1), "searcher/bare-union")
	b.ReportMetric(median(4)/median(0), "default/bare")
}

// bare asks both arms and reads ten passages; with union, it also lets each arm
// score what only the other found and reads the lexical vectors, as the searcher
// does.
func bare(ctx context.Context, client *sdk.Client, g *generation, dense corpus.Vector, sparse corpus.Sparse, union bool) error {
	none, collection := sdk.NewWithPayload(false), g.collection()
	how := g.opened.(*qdrant.Store).Approximate()
	arms := func(exact bool) [2]*sdk.QueryPoints {
		params := &sdk.SearchParams{Exact: &exact}
		if !exact {
			params = &sdk.SearchParams{
				HnswEf: sdk.PtrOf(uint64(how.Effort)), Quantization: &sdk.QuantizationSearchParams{Rescore: sdk.PtrOf(true), Oversampling: &how.Oversampling},
			}
		}
		return [2]*sdk.QueryPoints{
			{CollectionName: collection, Query: sdk.NewQueryDense(dense), Using: sdk.PtrOf("dense"), Limit: sdk.PtrOf(uint64(100)), WithPayload: none, Params: params},
			{CollectionName: collection, Query: sdk.NewQuerySparse(sparse.Dimensions, sparse.Weights), Using: sdk.PtrOf("lexical"), Limit: sdk.PtrOf(uint64(100)), WithPayload: none},
		}
	}
	first := arms(false)
	results, err := client.QueryBatch(ctx, &sdk.QueryBatchPoints{CollectionName: collection, QueryPoints: first[:]})
	if err != nil {
		return err
	}
	get := &sdk.GetPoints{CollectionName: collection, WithPayload: sdk.NewWithPayloadInclude(
		"text", "span", "document_id", "revision", "title", "url", "language", "source", "author", "tags", "published_at", "metadata_map",
	)}
	if union {
		second := arms(true)
		for i, q := range second {
			var others []*sdk.PointId
			for _, p := range results[1-i].GetResult() {
				if !slices.ContainsFunc(results[i].GetResult(), func(o *sdk.ScoredPoint) bool { return o.GetId().GetUuid() == p.GetId().GetUuid() }) {
					others = append(others, p.GetId())
				}
			}
			q.Filter = &sdk.Filter{Must: []*sdk.Condition{sdk.NewHasID(others...)}}
		}
		if _, err := client.QueryBatch(ctx, &sdk.QueryBatchPoints{CollectionName: collection, QueryPoints: second[:]}); err != nil {
			return err
		}
		get.WithVectors = sdk.NewWithVectorsInclude("lexical")
	}
	for _, p := range results[0].GetResult()[:10] {
		get.Ids = append(get.Ids, p.GetId())
	}
	points, err := client.Get(ctx, get)
	if err == nil && len(points) != 10 {
		err = fmt.Errorf("%d points", len(points))
	}
	return err
}
