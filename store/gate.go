package store

import (
	"context"

	"dalil/corpus"
)

// gated is a store that calls mayWrite before every write, whether it is an ingest,
// a rebuild or a single deletion.
type gated struct {
	Store
	mayWrite func(ctx context.Context, w Write) error
}

// Write is the kind of a write.
type Write uint8

// The kinds of writes.
const (
	Putting  Write = iota // needs the model that built the collection
	Deleting              // needs none
	Editing               // needs none
)

func (g *gated) Unwrap() Store { return g.Store }

func (g *gated) Create(ctx context.Context, settings Settings) (Settings, error) {
	if err := g.mayWrite(ctx, Putting); err != nil {
		return Settings{}, err
	}
	return g.Store.Create(ctx, settings)
}

func (g *gated) Put(ctx context.Context, entries []Entry) error {
	if err := g.mayWrite(ctx, Putting); err != nil {
		return err
	}
	return g.Store.Put(ctx, entries)
}

func (g *gated) Delete(ctx context.Context, documentIDs []string) error {
	if err := g.mayWrite(ctx, Deleting); err != nil {
		return err
	}
	return g.Store.Delete(ctx, documentIDs)
}

func (g *gated) DeleteIf(ctx context.Context, deletions []corpus.Deletion) error {
	if err := g.mayWrite(ctx, Deleting); err != nil {
		return err
	}
	return g.Store.DeleteIf(ctx, deletions)
}

// Edit edits a document.
func (g *gated) Edit(ctx context.Context, e Edit) error {
	if err := g.mayWrite(ctx, Editing); err != nil {
		return err
	}
	return EditDocument(ctx, g.Store, e)
}

// gatedCarrier is a gated store that is also a [Carrier].
type gatedCarrier struct {
	*gated
	carrier Carrier
}

// Gated returns a store that calls mayWrite before every write of s. opened is the
// same store without wrappers. If it is a [Carrier], the result is one too.
func Gated(s, opened Store, mayWrite func(context.Context, Write) error) Store {
	g := &gated{s, mayWrite}
	if carrier, able := opened.(Carrier); able {
		return gatedCarrier{g, carrier}
	}
	return g
}

func (g gatedCarrier) Carry(ctx context.Context, entries []Carried) error {
	if err := g.mayWrite(ctx, Putting); err != nil {
		return err
	}
	return g.carrier.Carry(ctx, entries)
}

func (g gatedCarrier) DeleteCarried(ctx context.Context, documents []Dropped) error {
	if err := g.mayWrite(ctx, Deleting); err != nil {
		return err
	}
	return g.carrier.DeleteCarried(ctx, documents)
}
