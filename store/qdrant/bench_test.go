package qdrant_test

import (
	"bufio"
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

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/static"
	"dalil/lexical"
	"dalil/store"
	"dalil/store/qdrant"
)

// layouts are the graphs that BenchmarkGraph compares, the first one also while
// it is built.
var layouts = []qdrant.Layout{
	{M: 16, EfConstruct: 128}, {M: 16, EfConstruct: 256}, {M: 32, EfConstruct: 256}, {M: 32, EfConstruct: 512}, {M: 48, EfConstruct: 256},
}

// BenchmarkGraph measures for graphs, efforts and oversampling how many of the ten
// nearest passages a dense search of 10 and of 100 candidates finds, and how
// long it takes: the table of docs/scale.md. It needs a server in
// DALIL_TEST_QDRANT and two files of one text a line, DALIL_TEST_TEXTS with
// passages (100,000, say) and DALIL_TEST_QUESTIONS. DALIL_TEST_LAYOUTS picks
// graphs, as 16/128,32/256.
func BenchmarkGraph(b *testing.B) {
	address, texts, asked := os.Getenv("DALIL_TEST_QDRANT"), os.Getenv("DALIL_TEST_TEXTS"), os.Getenv("DALIL_TEST_QUESTIONS")
	if address == "" || texts == "" || asked == "" {
		b.Skip("DALIL_TEST_QDRANT, DALIL_TEST_TEXTS and DALIL_TEST_QUESTIONS name no server, passages and questions")
	}
	model, err := static.Default()
	if err != nil {
		b.Fatal(err)
	}
	picked := pickLayouts(b, os.Getenv("DALIL_TEST_LAYOUTS"))
	options := qdrant.Options{
		Server: qdrant.Server{Address: address, Timeout: time.Minute}, Alias: fmt.Sprintf("graph-%d", run), Layout: picked[0],
		Pipeline: corpus.Pipeline{Model: model.Model().Name, Dimensions: model.Model().Dimensions}, Log: slog.New(slog.DiscardHandler),
	}
	defer removeBench(b, options)
	stores := map[float64]*qdrant.Store{}
	for _, oversampling := range []float64{1, 2, 3} {
		o := options
		o.Oversampling = oversampling
		s, err := qdrant.Open(b.Context(), o)
		if err != nil {
			b.Fatal(err)
		}
		defer s.Close()
		stores[oversampling] = s
	}
	started := time.Now()
	n := fill(b, stores[1], options.Pipeline, model, readLines(b, texts))
	fmt.Printf("%d passages written in %v\n", n, time.Since(started).Round(time.Second))
	for _, s := range stores {
		if _, err := s.Settings(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	embedded, err := model.Embed(b.Context(), embedder.Query, readLines(b, asked))
	if err != nil {
		b.Fatal(err)
	}
	g := &graph{b: b, stores: stores, questions: embedded.Vectors}
	g.nearest, g.exact = g.ask(1, store.ArmQuery{Limit: 10, Exact: true})
	fmt.Printf("exact: p50 %v\n", g.exact)
	client := connect(b, address)
	defer client.Close()
	collection := stores[1].Collection()
	if stateOf(b, client, collection) != sdk.CollectionStatus_Green {
		for _, effort := range []int{128, 256, 512} {
			g.measure("while indexing", 2, store.ArmQuery{Limit: 10, Effort: effort})
		}
	}
	for i, l := range picked {
		if i > 0 {
			rebuildGraph(b, client, collection, l)
		}
		built := waitGreen(b, client, collection)
		name := fmt.Sprintf("m %d, ef_construct %d", l.M, l.EfConstruct)
		fmt.Printf("%s: green after %v\n", name, built.Round(time.Second))
		for _, effort := range []int{64, 128, 256, 512, 1024} {
			for _, oversampling := range []float64{1, 2, 3} {
				if oversampling < 3 || effort == 128 {
					g.measure(name, oversampling, store.ArmQuery{Limit: 10, Effort: effort})
					g.measure(name, oversampling, store.ArmQuery{Limit: 100, Effort: effort})
				}
			}
		}
	}
}

func pickLayouts(b *testing.B, names string) (picked []qdrant.Layout) {
	if names == "" {
		return layouts
	}
	for name := range strings.SplitSeq(names, ",") {
		var l qdrant.Layout
		if _, err := fmt.Sscanf(name, "%d/%d", &l.M, &l.EfConstruct); err != nil {
			b.Fatalf("DALIL_TEST_LAYOUTS: %q is not a m/ef_construct: %v", name, err)
		}
		picked = append(picked, l)
	}
	return picked
}

type graph struct {
	b         *testing.B
	stores    map[float64]*qdrant.Store
	questions []corpus.Vector
	nearest   [][]store.Hit // of each question, by a scan
	exact     time.Duration
}

// ask returns the answers and the median time of one.
func (g *graph) ask(oversampling float64, arm store.ArmQuery) (answers [][]store.Hit, p50 time.Duration) {
	times := make([]time.Duration, len(g.questions))
	for i, v := range g.questions {
		arm.Dense = v
		start := time.Now()
		found, err := g.stores[oversampling].Search(g.b.Context(), []store.ArmQuery{arm})
		if err != nil {
			g.b.Fatal(err)
		}
		times[i] = time.Since(start)
		answers = append(answers, found[0])
	}
	slices.Sort(times)
	return answers, times[len(times)/2]
}

func (g *graph) measure(name string, oversampling float64, arm store.ArmQuery) {
	answers, p50 := g.ask(oversampling, arm)
	found, all := 0, 0
	for i, nearest := range g.nearest {
		all += len(nearest)
		for _, h := range answers[i][:min(len(answers[i]), len(nearest))] {
			// Equal texts have equal scores; any of them will do.
			if h.Score >= nearest[len(nearest)-1].Score-1e-6 {
				found++
			}
		}
	}
	fmt.Printf("%s, hnsw_ef %4d, oversampling %g, %3d candidates: recall@10 %.4f, p50 %v\n",
		name, arm.Effort, oversampling, arm.Limit, float64(found)/float64(all), p50.Round(10*time.Microsecond))
}

// fill writes the texts as documents of five passages.
func fill(b *testing.B, s *qdrant.Store, p corpus.Pipeline, model embedder.Embedder, texts []string) int {
	if _, err := s.Create(b.Context(), store.Settings{Pipeline: p, AverageLength: 30, CreatedAt: time.Now()}); err != nil {
		b.Fatal(err)
	}
	sparse := lexical.NewEncoder(lexical.NewAnalyzer(), 30)
	var entries []store.Entry
	for part := range slices.Chunk(texts, 5) {
		dense, err := model.Embed(b.Context(), embedder.Passage, part)
		if err != nil {
			b.Fatal(err)
		}
		id := fmt.Sprint("d", len(entries))
		e := store.Entry{Document: corpus.Document{ID: id}, Fingerprint: id}
		at := 0
		for i, text := range part {
			e.Points = append(e.Points, store.Point{
				Chunk: corpus.Chunk{
					ID: corpus.NewChunkID(id, "1", i), DocumentID: id, Revision: "1", Ordinal: i,
					Span: corpus.Span{Start: at, End: at + len(text)}, Text: text,
				},
				Dense: dense.Vectors[i], Sparse: sparse.Passage("", text),
			})
			at += len(text)
		}
		entries = append(entries, e)
	}
	if err := s.Put(b.Context(), entries); err != nil {
		b.Fatal(err)
	}
	return len(texts)
}

func readLines(b *testing.B, file string) (texts []string) {
	f, err := os.Open(file)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Buffer(nil, 1<<20); lines.Scan(); {
		texts = append(texts, lines.Text())
	}
	if err := lines.Err(); err != nil {
		b.Fatal(err)
	}
	return texts
}

func connect(b *testing.B, address string) *sdk.Client {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		b.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		b.Fatal(err)
	}
	client, err := sdk.NewClient(&sdk.Config{Host: host, Port: number, SkipCompatibilityCheck: true})
	if err != nil {
		b.Fatal(err)
	}
	return client
}

func stateOf(b *testing.B, client *sdk.Client, collection string) sdk.CollectionStatus {
	info, err := client.GetCollectionInfo(b.Context(), collection)
	if err != nil {
		b.Fatal(err)
	}
	return info.GetStatus()
}

// rebuildGraph has the server build the graph anew from the vectors it holds.
func rebuildGraph(b *testing.B, client *sdk.Client, collection string, l qdrant.Layout) {
	err := client.UpdateCollection(b.Context(), &sdk.UpdateCollection{
		CollectionName: collection,
		VectorsConfig: sdk.NewVectorsConfigDiffMap(map[string]*sdk.VectorParamsDiff{
			"dense": {HnswConfig: &sdk.HnswConfigDiff{M: sdk.PtrOf(uint64(l.M)), EfConstruct: sdk.PtrOf(uint64(l.EfConstruct))}},
		}),
	})
	if err != nil {
		b.Fatal(err)
	}
}

// waitGreen waits until the server has had nothing to build for two seconds.
func waitGreen(b *testing.B, client *sdk.Client, collection string) time.Duration {
	start := time.Now()
	last := start
	for time.Since(last) < 2*time.Second {
		if stateOf(b, client, collection) != sdk.CollectionStatus_Green {
			last = time.Now()
		}
		time.Sleep(100 * time.Millisecond)
	}
	return last.Sub(start)
}

func removeBench(b *testing.B, options qdrant.Options) {
	ctx := context.Background()
	catalogue, err := qdrant.OpenCatalogue(ctx, options)
	if err != nil {
		b.Error(err)
		return
	}
	if err := catalogue.RemoveAll(ctx); err != nil {
		b.Error(err)
	}
	if err := catalogue.Close(); err != nil {
		b.Error(err)
	}
}
