package server_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/grpc"

	"dalil/corpus"
	"dalil/proto/codec"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// BenchmarkWire is what gRPC and the chain cost around a search that takes no
// time: ten passages of 600 letters, as design §10 counts them.
func BenchmarkWire(b *testing.B) {
	h := newBackend()
	answer := corpus.Answer{Candidates: 180, More: true}
	for rank := 1; rank <= 10; rank++ {
		p := passage(rank)
		p.Chunk.Text = strings.Repeat("التعاون ", 75)
		p.Scores.Dense, p.Scores.Lexical = ptr(float32(0.5)), ptr(float32(7))
		for i := range 10 {
			p.Highlights = append(p.Highlights, corpus.Highlight{Start: i * 15, End: i*15 + 14, UTF16Start: i * 8, UTF16End: i*8 + 7})
		}
		answer.Passages = append(answer.Passages, p)
	}
	h.search = func(context.Context, corpus.Query) (corpus.Answer, error) { return answer, nil }
	r := serve(b, h, server.Options{})
	req := &dalilv1.SearchRequest{Query: "poverty reduction cooperation", Filter: language("ar")}
	reading := grpc.ForceCodecV2(codec.Client{}) // as the Go client does
	b.Run("search", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := r.search.Search(b.Context(), req, reading); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("search/parallel", func(b *testing.B) {
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := r.search.Search(context.Background(), req, reading); err != nil {
					b.Error(err)
					return
				}
			}
		})
	})
	b.Run("info", func(b *testing.B) { // the least that a call can cost
		for b.Loop() {
			if _, err := r.admin.GetInfo(b.Context(), &dalilv1.GetInfoRequest{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkIngest is what a stream costs a document of 3 KB.
func BenchmarkIngest(b *testing.B) {
	r := serve(b, newBackend(), server.Options{})
	text := strings.Repeat("x", 3000)
	documents := make([]*dalilv1.DocumentInput, 1000)
	for i := range documents {
		documents[i] = document(fmt.Sprint(i), text)
	}
	b.SetBytes(int64(len(text) * len(documents)))
	for b.Loop() {
		if _, err := ingestAll(b.Context(), r, documents...); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e6/float64(b.N*len(documents)), "µs/document")
}
