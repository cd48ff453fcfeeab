package app

import (
	"errors"
	"fmt"
	"sync"

	"dalil/corpus"
	"dalil/embedder"
)

// current is the generation that answers. Requests pin it; one that was
// replaced is closed when the last request lets go of it.
type current struct {
	mu  sync.RWMutex
	g   *generation
	why error // why there is none, or why a newer one could not be opened; nil: all is well
}

var errNoGeneration = fmt.Errorf("%w: the store is not open", corpus.ErrUnavailable)

// pin returns the generation that answers; the caller lets go of it with
// g.release.
func (c *current) pin() (*generation, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.g == nil {
		if c.why != nil {
			return nil, c.why
		}
		return nil, errNoGeneration
	}
	c.g.users.Add(1)
	return c.g, nil
}

func (g *generation) release() { g.users.Done() }

// swap puts g in the place of the one before, and closes that one when it is
// free. A nil g leaves none. Where both are of one store, it stays open.
func (c *current) swap(g *generation) error {
	c.mu.Lock()
	before := c.g
	c.g, c.why = g, nil
	if before != nil && g != nil && before.opened == g.opened {
		before.lent = true
	}
	c.mu.Unlock()
	if before == nil {
		return nil
	}
	close(before.superseded)
	before.users.Wait()
	embedder.Close(before.embedder)
	if before.lent {
		return nil
	}
	return before.store.Close()
}

// setError records why no generation can serve, or why a newer one could not be
// opened; nil clears it.
func (c *current) setError(why error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.why = why
}

// state reports whether there is one, which collection it answers from ("" before
// the first document), and what is wrong.
func (c *current) state() (open bool, collection string, why error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.g == nil {
		return false, "", errors.Join(errNoGeneration, c.why)
	}
	return true, c.g.collection(), c.why
}
