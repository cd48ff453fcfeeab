package app

import (
	"errors"
	"fmt"
	"sync"

	"dalil/corpus"
	"dalil/embedder"
)

// current keeps the current generation. Requests pin it. A generation that was
// replaced is closed when the last request releases it.
type current struct {
	mu  sync.RWMutex
	g   *generation
	why error // why there is no generation, or why a newer one could not be opened; nil: neither
}

var errNoGeneration = fmt.Errorf("%w: the store is not open", corpus.ErrUnavailable)

// pin returns the current generation. The caller must call g.release.
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

// swap replaces the current generation with g, and closes the old one when no
// request uses it. A nil g leaves no generation. If both use the same store, the
// store stays open.
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

// state returns whether there is a generation, the name of its collection (""
// before the first document), and the error of setError.
func (c *current) state() (open bool, collection string, why error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.g == nil {
		return false, "", errors.Join(errNoGeneration, c.why)
	}
	return true, c.g.collection(), c.why
}

// pinned calls do with the current generation, which stays open meanwhile.
func pinned[T any](a *App, do func(*generation) (T, error)) (T, error) {
	g, err := a.generation.pin()
	if err != nil {
		var none T
		return none, err
	}
	defer g.release()
	return do(g)
}
