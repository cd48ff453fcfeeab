package wirejson_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/proto/wirejson"
)

// written returns what encoding/json writes without escapes for HTML.
func written(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Strings have the form that encoding/json gives them, wherever a character stands.
func TestStringsAreThoseOfTheStandardLibrary(t *testing.T) {
	pieces := []string{
		"", "a", "جسر", "\"", "\\", "\n", "\x00", "\x1f", "\x7f", "<&>", "\u2027", "\u2028", "\u2029", "\u202a", "\xe2", "\xe2\x80", "\xff", "\xc0\x80", "\xed\xa0\x80",
		"\uFFFD", "😀", "\xf0\x9f", strings.Repeat("التعاون ", 9),
	}
	for _, first := range pieces {
		for _, second := range pieces {
			for _, s := range []string{first + second, first + strings.Repeat("ab", 20) + second, strings.Repeat("م", 33) + first + second + "z"} {
				got, err := wirejson.Marshal(&dalilv1.RankFeature{Name: s})
				if want := written(t, s); err != nil || !strings.HasPrefix(string(got), `{"name":`+want+`,`) {
					t.Errorf("%q: got %s, want %s (%v)", s, got, want, err)
				}
			}
		}
	}
}

// Numbers have the form that encoding/json gives them.
func TestNumbersAreThoseOfTheStandardLibrary(t *testing.T) {
	for _, size := range []float64{0, math.Copysign(0, -1), 1, 0.1, 1.0 / 3, 123456789, 1e20, 9.99e20, 1e21, 1e22, 1e-5, 9.9e-6, 1e-6, 1e-7, 1e-30, math.MaxFloat32, math.SmallestNonzeroFloat32, 16777217} {
		for _, x := range []float64{size, -size, math.Nextafter(size, 0), math.Nextafter(size, 1e300)} {
			if got, err := wirejson.Marshal(&dalilv1.MetadataFilter{Min: &x}); err != nil || !strings.Contains(string(got), `"min":`+written(t, x)) {
				t.Errorf("%g: got %s, want %s (%v)", x, got, written(t, x), err)
			}
			single := float32(x)
			if got, err := wirejson.Marshal(&dalilv1.Scores{Dense: &single}); err != nil || string(got) != `{"dense":`+written(t, single)+`}` {
				t.Errorf("%g: got %s, want %s (%v)", single, got, written(t, single), err)
			}
		}
	}
	for _, n := range []int32{0, 1, -1, math.MaxInt32, math.MinInt32} {
		if got, err := wirejson.Marshal(&dalilv1.Span{Start: n}); err != nil || string(got) != fmt.Sprintf(`{"start":%d,"end":0}`, n) {
			t.Errorf("%d: got %s (%v)", n, got, err)
		}
	}
}

// BenchmarkMarshal writes a page of ten passages of 600 letters.
func BenchmarkMarshal(b *testing.B) {
	m := &dalilv1.SearchResponse{}
	for rank := range int32(10) {
		score := float32(0.1234567)
		p := &dalilv1.Passage{
			PassageId: corpus.NewChunkID("doc", "r", int(rank)).String(), Text: strings.Repeat("التعاون الدولي ", 40), Snippet: strings.Repeat("التعاون ", 25), Rank: rank,
			Span: &dalilv1.Span{Start: 100, End: 1200}, Scores: &dalilv1.Scores{Dense: &score, Lexical: &score, Coverage: &score, Rerank: &score, Fused: &score},
			Document: &dalilv1.Document{DocumentId: "doc", Title: "التعاون الدولي في مكافحة الفقر", Language: "ar"},
		}
		for i := range int32(10) {
			p.Highlights = append(p.Highlights, &dalilv1.Highlight{Start: 100 * i, End: 100*i + 14, Utf16Start: 50 * i, Utf16End: 50*i + 7})
		}
		m.Passages = append(m.Passages, p)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := wirejson.Marshal(m); err != nil {
			b.Fatal(err)
		}
	}
}
