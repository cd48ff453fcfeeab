package embedder_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"dalil/embedder"
)

// short reads so many words of a text and bills them, with two special tokens
// where specials are given.
type short struct {
	embedder.Embedder
	reads, specials int
}

func (s short) Embed(ctx context.Context, role embedder.Role, texts []string) (embedder.Embeddings, error) {
	answer, err := s.Embedder.Embed(ctx, role, texts)
	answer.Tokens = 0
	for _, text := range texts {
		answer.Tokens += min(len(strings.Fields(text)), s.reads) + s.specials
	}
	return answer, err
}

type words struct{}

func (words) Tokens(text string) int { return len(strings.Fields(text)) }

func TestABillCountsWhatWasCut(t *testing.T) {
	texts := []string{"a b", strings.Repeat("w ", 20), "a b c d", strings.Repeat("w ", 9)}
	for reads, want := range map[int][]int{100: nil, 20: nil, 10: {1}, 8: {1, 3}, 3: {1, 2, 3}} {
		answer, err := embedder.Counted(short{newFake(), reads, 0}, words{}).Embed(t.Context(), embedder.Passage, texts)
		if err != nil || !slices.Equal(answer.Cut, want) {
			t.Errorf("a provider that reads %d: cut %v, %v; want %v", reads, answer.Cut, err, want)
		}
	}
	answer, err := embedder.Counted(short{newFake(), 100, 2}, words{}).Embed(t.Context(), embedder.Passage, texts)
	if err != nil || answer.Cut != nil {
		t.Errorf("special tokens in the bill: cut %v, %v", answer.Cut, err)
	}
}
