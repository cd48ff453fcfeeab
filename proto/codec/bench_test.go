package codec

import (
	"strings"
	"testing"

	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	dalilv1 "dalil/proto/dalil/v1"
)

// page10 is an answer with ten passages of 600 letters.
func page10() *dalilv1.SearchResponse {
	m := &dalilv1.SearchResponse{Candidates: 180, NextPageToken: strings.Repeat("t", 60), IndexToken: strings.Repeat("i", 40), Evidence: 3}
	for range 6 {
		m.Timings = append(m.Timings, &dalilv1.StageTiming{Stage: 3, Duration: durationpb.New(12345)})
	}
	for rank := range int32(10) {
		score, at := float32(0.5), rank+1
		p := &dalilv1.Passage{
			PassageId: "01234567-89ab-cdef-0123-456789abcdef", DocumentId: "sources/article-1234", Rank: at, Ordinal: 2,
			Text: strings.Repeat("التعاون الدولي ", 40), Snippet: strings.Repeat("التعاون الدولي ", 15), HeadingPath: []string{"مقدمة"},
			Span: &dalilv1.Span{Start: 100, End: 1200}, BestSentence: &dalilv1.Span{Start: 200, End: 300}, Relevance: &score,
			Scores: &dalilv1.Scores{Dense: &score, Lexical: &score, Coverage: &score, Rerank: &score, Fused: &score, DenseRank: &at, LexicalRank: &at},
			Document: &dalilv1.Document{
				DocumentId: "sources/article-1234", Title: "التعاون الدولي في مكافحة الفقر", Url: "https://example.org/articles/1234", Source: "example",
				Language: "ar", Revision: "0123456789abcdef", Etag: "0123456789abcdef0123456789abcdef", PublishedAt: &timestamppb.Timestamp{Seconds: 1700000000},
			},
		}
		for i := range int32(10) {
			p.Highlights = append(p.Highlights, &dalilv1.Highlight{Start: 100 * i, End: 100*i + 14, Utf16Start: 50 * i, Utf16End: 50*i + 7})
		}
		m.Passages = append(m.Passages, p)
	}
	return m
}

// BenchmarkAnswer encodes and decodes a page of a search with the codecs of this package
// and with that of gRPC.
func BenchmarkAnswer(b *testing.B) {
	answer := page10()
	for _, one := range []struct {
		name   string
		encode encoding.CodecV2
		decode encoding.CodecV2
	}{{"own", Server{}, Client{}}, {"protobuf", wellKnown, wellKnown}} {
		b.Run("encode/"+one.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				data, err := one.encode.Marshal(answer)
				if err != nil {
					b.Fatal(err)
				}
				data.Free()
			}
		})
		data, err := one.encode.Marshal(answer)
		if err != nil {
			b.Fatal(err)
		}
		flat := mem.BufferSlice{mem.SliceBuffer(data.Materialize())}
		b.Run("decode/"+one.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(flat.Len()))
			for b.Loop() {
				if err := one.decode.Unmarshal(flat, &dalilv1.SearchResponse{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
