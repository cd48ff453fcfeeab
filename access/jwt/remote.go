package jwt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"dalil/access/files"
)

const (
	// minInterval is the shortest time between two requests to the issuer, however
	// many tokens name a key that is not known.
	minInterval = 10 * time.Second
	// retryInterval is the time to the next request after one that failed, while there
	// are keys.
	retryInterval = time.Minute
	fetchTimeout  = 5 * time.Second
)

// remote has the keys of a URL. It asks when it is opened, at an interval, and when a
// token names a key that is not known. A request that fails leaves the earlier keys in
// use.
type remote struct {
	url     string
	client  *http.Client
	refresh time.Duration
	changed func(error)
	set     atomic.Pointer[keySet]

	stop  context.CancelFunc
	group errgroup.Group
	ended <-chan struct{} // closed when no more requests follow
	ask   chan struct{}   // asks for a request now

	mu    sync.Mutex
	tried time.Time     // when the last request ended; zero: never
	err   error         // of the last request
	done  chan struct{} // closed when the next request has ended
	read  time.Time     // when the keys were read
	raw   []byte        // their text
}

func openRemote(o Options) *remote {
	client := &http.Client{}
	if o.Client != nil {
		*client = *o.Client
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error {
		return errors.New("it redirects; set access.jwt.jwks to the final address")
	}
	ctx, stop := context.WithCancel(context.Background())
	r := &remote{
		url: o.KeySet, client: client, refresh: o.Refresh, changed: o.Changed,
		stop: stop, ended: ctx.Done(), ask: make(chan struct{}, 1), done: make(chan struct{}),
	}
	r.group.Go(func() error {
		r.run(ctx)
		return nil
	})
	return r
}

func (r *remote) run(ctx context.Context) {
	for {
		r.fetch(ctx)
		next := time.NewTimer(r.wait())
		for asked := false; !asked; {
			select {
			case <-ctx.Done():
				next.Stop()
				return
			case <-next.C:
				asked = true
			case <-r.ask:
				asked = r.mayAsk()
			}
		}
		next.Stop()
	}
}

// wait returns the time until the keys are read again.
func (r *remote) wait() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.err == nil:
		return max(r.refresh, minInterval)
	case r.read.IsZero():
		return minInterval
	}
	return min(retryInterval, max(r.refresh, minInterval))
}

// mayAsk reports whether the last request is long enough ago.
func (r *remote) mayAsk() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tried.IsZero() || time.Since(r.tried) >= minInterval
}

func (r *remote) current() *keySet { return r.set.Load() }

func (r *remote) newer(ctx context.Context, previous *keySet) (*keySet, error) {
	r.mu.Lock()
	done, early := r.done, !r.tried.IsZero() && time.Since(r.tried) < minInterval
	r.mu.Unlock()
	if set := r.set.Load(); set != previous {
		return set, nil // it was read just now
	}
	if !early {
		select {
		case r.ask <- struct{}{}:
		default: // somebody has asked
		}
		select {
		case <-done:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-r.ended:
			return nil, errors.New("the server is shutting down")
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.set.Load(), r.err
}

func (r *remote) state() files.State {
	r.mu.Lock()
	defer r.mu.Unlock()
	return files.State{Path: r.url, Loaded: r.read, Err: r.err}
}

func (r *remote) close() {
	r.stop()
	_ = r.group.Wait() // it returns nil
	r.client.CloseIdleConnections()
}

// fetch asks the issuer once.
func (r *remote) fetch(ctx context.Context) {
	raw, err := r.get(ctx)
	var set *keySet
	if err == nil && !bytes.Equal(raw, r.raw) {
		if set, err = parseKeySet(raw); err != nil {
			err = r.failed(err)
		}
	}
	r.mu.Lock()
	report := set != nil || err != nil && r.err == nil || err == nil && r.err != nil
	r.tried, r.err = time.Now(), err
	if err == nil {
		r.read, r.raw = r.tried, raw
	}
	if set != nil {
		r.set.Store(set)
	}
	close(r.done)
	r.done = make(chan struct{})
	r.mu.Unlock()
	if report && r.changed != nil && ctx.Err() == nil {
		r.changed(err)
	}
}

func (r *remote) get(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url, nil)
	if err != nil {
		return nil, r.failed(err)
	}
	request.Header.Set("Accept", "application/jwk-set+json, application/json")
	answer, err := r.client.Do(request)
	if err != nil {
		return nil, r.failed(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, r.failed(fmt.Errorf("it answers with status %d", answer.StatusCode))
	}
	raw, err := io.ReadAll(io.LimitReader(answer.Body, maxSetBytes+1))
	if err != nil {
		return nil, r.failed(err)
	}
	return raw, nil
}

// failed returns an error that names the address once.
func (r *remote) failed(err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		err = of.Err
	}
	return fmt.Errorf("cannot read the issuer's keys at %s: %w", r.url, err)
}
