package indexer

import (
	"context"
	"errors"
	"fmt"

	"dalil/embedder"
	"dalil/store"
)

// embedded is a batch ready to be put.
type embedded struct {
	entries []store.Entry
	tokens  []int // per document
	cut     []int // texts that the provider truncated, per document
}

// documentError says which document of a batch can't be embedded.
type documentError struct {
	index int
	err   error
}

func (e *documentError) Error() string { return e.err.Error() }

func (e *documentError) Unwrap() error { return e.err }

// embed makes the entries of a batch with one call to the embedder.
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
	if err := w.deps.Turns.run(ctx, func() { w.analyse(ctx, &done, batch, texts, owner, answer) }); err != nil {
		return embedded{}, err
	}
	return done, ctx.Err()
}

// vectors embeds the texts; a model in this process waits for its turn.
func (w *writer) vectors(ctx context.Context, texts []string) (answer embedder.Embeddings, err error) {
	call := func() { answer, err = w.deps.Embedder.Embed(ctx, embedder.Passage, texts) }
	if w.deps.Embedder.Model().MaxBatch > 0 { // behind a network
		call()
		return answer, err
	}
	if late := w.deps.Turns.run(ctx, call); late != nil {
		return answer, late
	}
	return answer, err
}

// analyse makes the points of a batch that has been embedded; it stops with ctx.
func (w *writer) analyse(ctx context.Context, done *embedded, batch []*prepared, texts []string, owner []int, answer embedder.Embeddings) {
	letters := 0
	for _, t := range texts {
		letters += len(t)
	}
	counter := embedder.TokenCounter(w.deps.Embedder)
	for at, i := range owner {
		if ctx.Err() != nil {
			return
		}
		p, entry := batch[i], &done.entries[i]
		chunk := p.chunks[len(entry.Points)]
		entry.Points = append(entry.Points, store.Point{
			Chunk: chunk, Dense: answer.Vectors[at], Sparse: w.encoder.Passage(p.analysed(len(entry.Points))),
		})
		if counter != nil {
			done.tokens[i] += counter.Tokens(texts[at])
		} else if letters > 0 { // the provider counts by call: share it out by length
			done.tokens[i] += answer.Tokens * len(texts[at]) / letters
		}
	}
	for _, at := range answer.Cut {
		done.cut[owner[at]]++
	}
}
