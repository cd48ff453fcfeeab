package indexer

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"dalil/corpus"
	"dalil/store"
)

// prepared is a document that is parsed, cut and fingerprinted.
type prepared struct {
	index       int
	document    corpus.Document
	fingerprint string
	revision    string
	chunks      []corpus.Chunk
	contexts    []string // for each chunk, the context that its rows need; nil: none
	warnings    []string
	condition   corpus.Condition
	replaceRoot bool // it may replace a document from another root
	moved       bool // it does so
	err         error
}

func (p *prepared) receipt(outcome corpus.Outcome) corpus.Receipt {
	return corpus.Receipt{DocumentID: p.document.ID, Source: p.document.Source, Outcome: outcome, Err: p.err, Warnings: p.warnings, ETag: p.etag(outcome)}
}

// etag is that of the document in the store after the outcome.
func (p *prepared) etag(outcome corpus.Outcome) string {
	if outcome != corpus.Indexed && outcome != corpus.Unchanged {
		return ""
	}
	return store.Content(p.fingerprint)
}

// prepareAll parses with several workers and passes documents on in the order of
// arrival, so that of two documents with the same id the later one remains.
func (x *Indexer) prepareAll(ctx context.Context, raws <-chan corpus.Raw) <-chan *prepared {
	type slot chan *prepared
	type job struct {
		index int
		raw   corpus.Raw
		done  slot
	}
	slots := make(chan slot, 4*x.options.Workers) // so that a long document does not stop the workers at once
	jobs := make(chan job)
	out := make(chan *prepared, ahead)
	for range x.options.Workers { // the same goroutines for all documents, because their stacks grow
		go func() {
			for j := range jobs {
				j.done <- x.prepare(ctx, j.index, j.raw)
			}
		}()
	}
	go func() {
		defer close(slots)
		defer close(jobs)
		for i := 0; ; i++ {
			var raw corpus.Raw
			var ok bool
			select {
			case raw, ok = <-raws:
			case <-ctx.Done():
			}
			if !ok {
				return
			}
			s := make(slot, 1)
			select {
			case slots <- s:
				jobs <- job{i, raw, s}
			case <-ctx.Done():
				return
			}
		}
	}()
	go func() {
		defer close(out)
		for s := range slots {
			select {
			case out <- <-s:
			case <-ctx.Done():
				for s := range slots { // the workers' own channels never block them
					<-s
				}
				return
			}
		}
	}()
	return out
}

// prepare waits for a turn and divides one raw document into chunks.
func (x *Indexer) prepare(ctx context.Context, index int, raw corpus.Raw) *prepared {
	turn, err := x.turn(ctx)
	if err != nil {
		return &prepared{index: index, document: raw.Document, err: err}
	}
	defer turn.End()
	return x.prepareNow(ctx, index, raw)
}

// prepareNow recovers from panics: if a parser panics because of hostile bytes,
// only that document fails.
func (x *Indexer) prepareNow(ctx context.Context, index int, raw corpus.Raw) (p *prepared) {
	p = &prepared{index: index, document: raw.Document, condition: raw.If, replaceRoot: raw.ReplaceRoot}
	defer func() {
		if cause := recover(); cause != nil {
			p.err = fmt.Errorf("prepare %q: panic: %v", name(p.document), cause)
		}
		p.document.Text = "" // the chunks contain it
	}()
	parsed, err := x.deps.Parser.Parse(ctx, raw)
	p.warnings = slices.Concat(raw.Warnings, parsed.Warnings)
	if err != nil {
		p.err = err
		return p
	}
	document := parsed.Document
	p.document = document
	id := document.ID
	if x.options.Keys {
		_, id = corpus.SplitKey(id)
	}
	if wrong := corpus.IDViolations("id", id, corpus.MaxIDBytes); len(wrong) > 0 {
		p.err = &corpus.InvalidError{Violations: wrong}
		return p
	}
	if wrong := corpus.GroupViolations("groups", document.Groups); len(wrong) > 0 {
		p.err = &corpus.InvalidError{Violations: wrong}
		return p
	}
	if p.err = checkLife(&p.document); p.err != nil {
		return p
	}
	document = p.document
	if n := document.MetadataBytes(); n > corpus.MaxMetadataBytes {
		p.err = &corpus.InvalidError{Violations: []corpus.Violation{corpus.TooMuchMetadata("metadata", n, corpus.MaxMetadataBytes)}}
		return p
	}
	content := raw.Content
	if content == "" {
		content = contentOf(document)
	}
	p.fingerprint = content + x.pipeline
	p.revision = revision(p.fingerprint)
	passages, err := x.deps.Chunker.Cut(ctx, document.Text)
	if err != nil {
		p.err = err
		return p
	}
	p.cut(passages)
	return p
}

func name(d corpus.Document) string {
	if d.ID != "" {
		return d.ID
	}
	return d.Source
}

// inFlight has the ids of documents that are being written, so that two versions of
// one document are written in order.
type inFlight struct {
	mu  sync.Mutex
	ids map[string]int
}

func (f *inFlight) has(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.ids[id] > 0
}

func (f *inFlight) add(batch []*prepared, n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ids == nil {
		f.ids = map[string]int{}
	}
	for _, p := range batch {
		if f.ids[p.document.ID] += n; f.ids[p.document.ID] <= 0 {
			delete(f.ids, p.document.ID)
		}
	}
}
