package static_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/static"
)

// seeds gives the Arabic articles of the repository as one text.
func seeds(b testing.TB) string {
	b.Helper()
	files, err := filepath.Glob("../../seeds/*.txt")
	if err != nil || len(files) == 0 {
		b.Fatalf("%d seeds: %v", len(files), err)
	}
	var all strings.Builder
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		all.Write(data)
	}
	return all.String()
}

// passagesOf draws texts of 200 words; equal seeds draw equal texts.
func passagesOf(text string, seed uint64, n int) []string {
	words := strings.Fields(text)
	random := rand.New(rand.NewPCG(seed, 1))
	out := make([]string, n)
	for i := range out {
		var b strings.Builder
		for w := range 200 {
			b.WriteString(words[random.IntN(len(words))])
			b.WriteString(map[bool]string{true: ". ", false: " "}[w%20 == 19])
		}
		out[i] = b.String()
	}
	return out
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := static.Load(os.DirFS("default"), static.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEmbed(b *testing.B) {
	e, err := static.Default()
	if err != nil {
		b.Fatal(err)
	}
	rare := make([]string, 0, 50)
	random := rand.New(rand.NewPCG(1, 2))
	letters := []rune("ابتثجحخدذرزسشصضطظعغفقكلمنهوي")
	for range 50 {
		var t strings.Builder
		for range 200 { // words that no one wrote
			for range 3 + random.IntN(6) {
				t.WriteRune(letters[random.IntN(len(letters))])
			}
			t.WriteByte(' ')
		}
		rare = append(rare, t.String())
	}
	for name, texts := range map[string][]string{"articles": passagesOf(seeds(b), 1, 50), "unheard-of words": rare} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(strings.Join(texts, ""))))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Embed(b.Context(), embedder.Passage, texts); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkScore(b *testing.B) {
	e, err := static.Default()
	if err != nil {
		b.Fatal(err)
	}
	text := seeds(b)
	for _, met := range []bool{true, false} {
		b.Run(fmt.Sprintf("50 candidates of 200 words, met before: %v", met), func(b *testing.B) {
			scorer := e.NewScorer(static.ScorerOptions{Sentences: func(s string) []corpus.Span { return byStop(s) }})
			var candidates [][]string
			for i := range 200 { // more than are remembered
				candidates = append(candidates, passagesOf(text, uint64(i), 50))
			}
			n := 0
			b.ReportAllocs()
			for b.Loop() {
				if !met {
					n++
				}
				if _, err := scorer.Score(b.Context(), "what did the ministers say about poverty reduction", candidates[n%len(candidates)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// One passage of 200 words is compared with 20.
func BenchmarkSimilar(b *testing.B) {
	e, err := static.Default()
	if err != nil {
		b.Fatal(err)
	}
	scorer := e.NewScorer(static.ScorerOptions{})
	var profiles [][]byte
	for _, text := range passagesOf(seeds(b), 3, 20) {
		profiles = append(profiles, scorer.Profile(text))
	}
	for b.Loop() {
		scorer.Similar(profiles[0], profiles)
	}
}
