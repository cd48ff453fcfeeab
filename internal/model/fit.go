package model

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"dalil/chunker"
	"dalil/corpus"
	"dalil/embedder"
)

// fit says how to cut documents so that no text is longer than the model reads.
type fit struct {
	chunks chunker.Options
	title  func(string) string // shortens the title that is embedded with each passage
}

// fitTo subtracts what is sent with a passage from the limit: special tokens, the
// prefix, and a quarter of the limit for the title. It counts with the model's own
// tokenizer if there is one. Otherwise it uses the estimate: passages are packed by
// words, and a text with more estimated tokens than words counts by the tokens.
func fitTo(target int, model embedder.Model, count *counting, prefix string) (fit, error) {
	if model.MaxTokens <= 0 {
		return fit{chunker.Options{Target: target}, nil}, nil
	}
	limit := model.MaxTokens - count.special - count.tokens(prefix)
	limit -= limit / 32 // the parts of a text may have slightly fewer tokens than the whole
	title := limit / 4
	limit -= title
	if limit < leastLimit {
		return fit{}, corpus.Invalid("embedder.max_tokens", fmt.Sprintf("is %d, which leaves %d for a passage; at least %d are needed", model.MaxTokens, limit, leastLimit))
	}
	f := fit{title: func(text string) string { return cutTo(text, title-1, count.tokens) }}
	if count.exact {
		f.chunks = chunker.Options{Target: target, Max: min(limit, target*5/2), Count: count.tokens, Unit: count.name}
		return f, nil
	}
	most := max(target*5/4, min(target*5/2, limit/tokensOfAWord))
	f.chunks = chunker.Options{
		Target: target, Max: most, Unit: fmt.Sprintf("%s-%d", count.name, limit),
		Count: func(text string) int { return max(chunker.Words(text), (count.tokens(text)*most+limit-1)/limit) },
	}
	return f, nil
}

// fitted refuses questions that are longer than the model reads. They are answered
// by words alone.
type fitted struct {
	embedder.Embedder
	limit  int
	tokens func(string) int
}

// fittedTo reserves tokens for the prefix and the special tokens.
func fittedTo(e embedder.Embedder, count *counting, prefix string) embedder.Embedder {
	if e.Model().MaxTokens <= 0 {
		return e
	}
	return &fitted{e, e.Model().MaxTokens - count.special - count.tokens(prefix), count.tokens}
}

func (f *fitted) Unwrap() embedder.Embedder { return f.Embedder }

func (f *fitted) Embed(ctx context.Context, role embedder.Role, texts []string) (embedder.Embeddings, error) {
	for i, text := range texts {
		if role != embedder.Query {
			break
		}
		if n := f.tokens(text); n > f.limit {
			return embedder.Embeddings{}, &embedder.TextError{Index: i, Err: corpus.Invalid("query", fmt.Sprintf("has %d tokens as counted here, the model reads %d", n, f.limit))}
		}
	}
	return f.Embedder.Embed(ctx, role, texts)
}

const (
	// leastLimit is enough for a word in any script.
	leastLimit = 16
	// tokensOfAWord is more than the estimate for an Arabic word.
	tokensOfAWord = 6
)

// cutTo shortens a text to at most so many tokens, at white space if there is any.
func cutTo(text string, most int, tokens func(string) int) string {
	for text != "" && tokens(text) > most {
		at := strings.LastIndexFunc(text, unicode.IsSpace)
		if at < 0 {
			at = len(text) / 2
		}
		text = strings.TrimSpace(strings.ToValidUTF8(text[:at], ""))
	}
	return text
}
