package indexer

import (
	"context"
	"errors"
	"fmt"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/fair"
	"dalil/store"
)

// embedded is a batch that is ready to be written.
type embedded struct {
	entries []store.Entry
	tokens  []int // per document
	cut     []int // texts that the provider truncated, per document
}

// documentError is the error of a document of a batch that cannot be embedded.
type documentError struct {
	index int
	err   error
}

func (e *documentError) Error() string { return e.err.Error() }

func (e *documentError) Unwrap() error { return e.err }

// embed makes the entries of a batch with one call of the embedder.
func (w *writer) embed(ctx context.Context, batch []*prepared) (embedded, error) {
	var texts []string
	var owner []int
	for i, p := range batch {
		for j := range p.chunks {
			texts = append(texts, p.embedded(j, w.options.Title))
			owner = append(owner, i)
		}
	}
	answer, err := w.vectors(ctx, texts)
	var text *embedder.TextError
	if errors.As(err, &text) && text.Index >= 0 && text.Index < len(texts) {
		i := owner[text.Index]
		ordinal := text.Index
		for ordinal > 0 && owner[ordinal-1] == i {
			ordinal--
		}
		return embedded{}, &documentError{i, fmt.Errorf("embed chunk %d: %w", text.Index-ordinal, text.Err)}
	}
	if err != nil {
		return embedded{}, fmt.Errorf("embed: %w", err)
	}
	done := embedded{entries: make([]store.Entry, len(batch)), tokens: make([]int, len(batch)), cut: make([]int, len(batch))}
	for i, p := range batch {
		done.entries[i] = store.Entry{Document: p.document, Fingerprint: p.fingerprint, If: p.condition, Points: make([]store.Point, 0, len(p.chunks))}
	}
	turn, err := w.turn(ctx)
	if err != nil {
		return embedded{}, err
	}
	defer turn.End()
	w.analyse(ctx, turn, &done, batch, texts, owner, answer)
	return done, ctx.Err()
}

// turn waits for a turn of the caller.
func (x *Indexer) turn(ctx context.Context) (*fair.Turn, error) {
	caller, _ := corpus.PrincipalOf(ctx)
	return x.deps.Turns.Begin(ctx, caller.Caller())
}

// vectors embeds the texts. If the model is in this process, it waits for a turn.
func (w *writer) vectors(ctx context.Context, texts []string) (embedder.Embeddings, error) {
	if w.deps.Embedder.Model().MaxBatch == 0 {
		turn, err := w.turn(ctx)
		if err != nil {
			return embedder.Embeddings{}, err
		}
		defer turn.End()
	}
	return w.deps.Embedder.Embed(ctx, embedder.Passage, texts)
}

// analyse makes the points of an embedded batch. It stops when ctx ends.
func (w *writer) analyse(ctx context.Context, turn *fair.Turn, done *embedded, batch []*prepared, texts []string, owner []int, answer embedder.Embeddings) {
	letters := 0
	for _, t := range texts {
		letters += len(t)
	}
	counter := embedder.TokenCounter(w.deps.Embedder)
	for at, i := range owner {
		if ctx.Err() != nil {
			return
		}
		turn.Rest()
		p, entry := batch[i], &done.entries[i]
		chunk := p.chunks[len(entry.Points)]
		entry.Points = append(entry.Points, store.Point{
			Chunk: chunk, Dense: answer.Vectors[at], Sparse: w.encoder.Passage(p.analysed(len(entry.Points))),
		})
		if len(answer.Counts) == len(texts) {
			done.tokens[i] += answer.Counts[at]
		} else if counter != nil {
			done.tokens[i] += counter.Tokens(texts[at])
		} else if letters > 0 { // the provider counts tokens per call, so they are divided by length
			done.tokens[i] += answer.Tokens * len(texts[at]) / letters
		}
	}
	for _, at := range answer.Cut {
		done.cut[owner[at]]++
	}
}
