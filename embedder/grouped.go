package embedder

import (
	"context"
	"errors"
	"slices"
	"sync"

	"dalil/corpus"
)

// GroupOptions has the settings of Grouped. Zero fields have the defaults.
type GroupOptions struct {
	Flights int // largest number of running calls; 0: 2
	Texts   int // largest number of questions in one call; 0: the model's limit, at most 64
}

// Grouped sends questions together that arrive while the provider is busy: a call
// with thirty texts costs a model server little more than one with a single text.
// An idle provider is called at once, so a single question never waits; questions
// gather only during a running call (as in Crankshaw et al., "Clipper", NSDI 2017).
// A shared call continues if a caller cancels; [Close] ends it.
func Grouped(e Embedder, options GroupOptions) Embedder {
	if options.Flights <= 0 {
		options.Flights = 2
	}
	if options.Texts <= 0 {
		options.Texts = 64
		if most := e.Model().MaxBatch; most > 0 {
			options.Texts = min(options.Texts, most)
		}
	}
	return &grouped{Embedder: e, background: newBackground(), options: options}
}

type grouped struct {
	Embedder
	*background
	options GroupOptions

	gate    sync.Mutex
	flights int
	waiting []*asking
}

// asking is one question that waits for its vector.
type asking struct {
	text   string
	ctx    context.Context
	answer chan Embeddings // receives one result; buffered, because the caller may have cancelled
	failed chan error
}

func (g *grouped) Unwrap() Embedder { return g.Embedder }

func (g *grouped) Embed(ctx context.Context, role Role, texts []string) (Embeddings, error) {
	if role != Query || len(texts) != 1 {
		return g.Embedder.Embed(ctx, role, texts)
	}
	a := &asking{texts[0], ctx, make(chan Embeddings, 1), make(chan error, 1)}
	g.gate.Lock()
	g.waiting = append(g.waiting, a)
	if g.flights < g.options.Flights {
		if !g.run(g.fly) {
			g.gate.Unlock()
			return Embeddings{}, errClosed
		}
		g.flights++
	}
	g.gate.Unlock()
	select {
	case <-ctx.Done():
		return Embeddings{}, ctx.Err()
	case answer := <-a.answer:
		return answer, nil
	case err := <-a.failed:
		return Embeddings{}, err
	}
}

// fly makes calls with the waiting questions until none is waiting.
func (g *grouped) fly() {
	for {
		g.gate.Lock()
		g.waiting = slices.DeleteFunc(g.waiting, func(a *asking) bool { return a.ctx.Err() != nil })
		n := min(len(g.waiting), g.options.Texts)
		if n == 0 || g.ctx.Err() != nil {
			g.flights--
			g.gate.Unlock()
			return
		}
		aboard := slices.Clone(g.waiting[:n])
		g.waiting = slices.Delete(g.waiting, 0, n)
		g.gate.Unlock()
		g.ask(aboard)
	}
}

func (g *grouped) call(ctx context.Context, texts []string) (Embeddings, error) {
	ctx, cancel := g.outliving(ctx)
	defer cancel()
	return g.Embedder.Embed(ctx, Query, texts)
}

// ask makes one call for all questions of a group. A faulty text fails alone: the
// others are sent again without it, in halves if the provider does not name the
// faulty one.
func (g *grouped) ask(aboard []*asking) {
	for len(aboard) > 0 {
		texts := make([]string, len(aboard))
		for i, a := range aboard {
			texts[i] = a.text
		}
		answer, err := g.call(aboard[0].ctx, texts)
		if err == nil {
			for i, a := range aboard {
				one := Embeddings{Vectors: answer.Vectors[i : i+1 : i+1], Tokens: answer.Tokens / len(aboard)}
				if slices.Contains(answer.Cut, i) {
					one.Cut = []int{0}
				}
				a.answer <- one
			}
			return
		}
		var bad *TextError
		named := errors.As(err, &bad) && bad.Index >= 0 && bad.Index < len(aboard)
		if !named && errors.Is(err, corpus.ErrInvalid) && len(aboard) > 1 { // the provider does not say which text is faulty
			g.ask(aboard[:len(aboard)/2])
			aboard = aboard[len(aboard)/2:]
			continue
		}
		if !named {
			for _, a := range aboard {
				a.failed <- err
			}
			return
		}
		aboard[bad.Index].failed <- &TextError{Index: 0, Err: bad.Err}
		aboard = slices.Delete(aboard, bad.Index, bad.Index+1)
	}
}
