// Package rates limits how much one caller may do: calls and embedded tokens a second,
// and streams at once. Start with [New]. [Failures] slows addresses that send wrong
// credentials.
package rates

import (
	"context"
	"math"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"dalil/corpus"
)

// Options has the settings of a Table. The zero value limits only principals that have
// limits of their own.
type Options struct {
	Defaults corpus.Rates // for principals whose own limit is 0
	Most     int          // number of callers whose use is kept; 0: 10,000
	// Waited gets how long a caller waited because of its tokens. nil: none.
	Waited func(time.Duration)
}

// Table keeps what each caller uses. It is safe for concurrent use.
//
// Calls and tokens have a token bucket each, which holds what a second allows, at least
// one. A call is allowed if the bucket has one token or more, and is then charged with
// all that it costs, so that a bucket may become negative: a batch, or a long document,
// is never refused for its size alone, and the calls after it wait for it to be paid.
//
// If there are more callers than Most, the use of the one that called longest ago is
// forgotten, unless it has open streams.
type Table struct {
	options Options
	mu      sync.Mutex
	callers *recent[*caller]
}

// caller is what one caller uses.
type caller struct {
	requests, tokens *rate.Limiter
	held             int // tokens of documents that are being embedded, about
	streams          int
}

// tokensIn returns how long it takes until the caller may embed.
func (c *caller) tokensIn(now time.Time) time.Duration {
	return until(c.tokens, now, 1+float64(c.held))
}

// New returns a Table without callers.
func New(o Options) *Table {
	if o.Most <= 0 {
		o.Most = 10_000
	}
	if o.Waited == nil {
		o.Waited = func(time.Duration) {}
	}
	return &Table{options: o, callers: newRecent(o.Most, func(c *caller) bool { return c.streams > 0 || c.held > 0 })}
}

// Call charges a caller with a request. Its error is a corpus.RateError.
func (t *Table) Call(p corpus.Principal) error {
	limits := t.limits(p)
	if limits.Requests <= 0 {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	bucket := t.caller(p, limits).requests
	now := time.Now()
	if after := until(bucket, now, 1); after > 0 {
		return &corpus.RateError{Limit: corpus.LimitRequests, Value: number(limits.Requests), After: after}
	}
	spend(bucket, now, 1)
	return nil
}

// Charge charges a caller with n further requests of a call that was allowed.
func (t *Table) Charge(p corpus.Principal, n int) {
	limits := t.limits(p)
	if limits.Requests <= 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	spend(t.caller(p, limits).requests, time.Now(), n)
}

// Stream counts an open stream of a caller, until the function that it returns is called.
// Its error is a corpus.RateError.
func (t *Table) Stream(p corpus.Principal) (closed func(), err error) {
	limits := t.limits(p)
	if limits.Streams <= 0 {
		return func() {}, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.caller(p, limits)
	if c.streams >= limits.Streams {
		return nil, &corpus.RateError{Limit: corpus.LimitStreams, Value: strconv.Itoa(limits.Streams), After: time.Second}
	}
	c.streams++
	return sync.OnceFunc(func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		c.streams--
	}), nil
}

// Embed returns nil if a caller may embed now. If it has used up its tokens, the error is
// a corpus.RateError.
func (t *Table) Embed(p corpus.Principal) error {
	limits := t.limits(p)
	if limits.Tokens <= 0 {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if after := t.caller(p, limits).tokensIn(time.Now()); after > 0 {
		return &corpus.RateError{Limit: corpus.LimitTokens, Value: number(limits.Tokens), After: after}
	}
	return nil
}

// Wait waits until a caller may embed, and then counts a document of about this many
// tokens as being embedded, so that a stream does not send many documents before the
// first one is charged. The caller calls settled when [Table.Spend] got what the document
// really cost. The error is that of ctx.
func (t *Table) Wait(ctx context.Context, p corpus.Principal, tokens int) (settled func(), err error) {
	limits := t.limits(p)
	if limits.Tokens <= 0 {
		return func() {}, nil
	}
	began := time.Now()
	for {
		t.mu.Lock()
		now := time.Now()
		c := t.caller(p, limits)
		after := c.tokensIn(now)
		if after <= 0 {
			c.held += tokens
			t.mu.Unlock()
			if waited := now.Sub(began); waited > 0 {
				t.options.Waited(waited)
			}
			return sync.OnceFunc(func() {
				t.mu.Lock()
				defer t.mu.Unlock()
				c.held -= tokens
			}), nil
		}
		if c.held > 0 {
			after = min(after, settleEvery) // a document may settle at any time
		}
		t.mu.Unlock()
		timer := time.NewTimer(after)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		}
	}
}

// settleEvery is how often a waiting stream looks whether its documents have settled.
const settleEvery = 20 * time.Millisecond

// Spend charges the caller that ctx carries with tokens that were embedded for it.
func (t *Table) Spend(ctx context.Context, tokens int) {
	p, known := corpus.PrincipalOf(ctx)
	limits := t.limits(p)
	if !known || limits.Tokens <= 0 || tokens <= 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	spend(t.caller(p, limits).tokens, time.Now(), tokens)
}

// Len returns the number of callers whose use is kept.
func (t *Table) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.callers.len()
}

// limits returns what applies to a principal: its own limits, or else the defaults.
func (t *Table) limits(p corpus.Principal) corpus.Rates {
	own, otherwise := p.Rates, t.options.Defaults
	if own.Requests <= 0 {
		own.Requests = otherwise.Requests
	}
	if own.Tokens <= 0 {
		own.Tokens = otherwise.Tokens
	}
	if own.Streams <= 0 {
		own.Streams = otherwise.Streams
	}
	return own
}

// caller returns what a principal uses, with its current limits. The caller holds mu.
func (t *Table) caller(p corpus.Principal, limits corpus.Rates) *caller {
	c := t.callers.get(p.Caller(), func() *caller {
		return &caller{requests: bucket(limits.Requests), tokens: bucket(limits.Tokens)}
	})
	set(c.requests, limits.Requests)
	set(c.tokens, limits.Tokens)
	return c
}

func bucket(perSecond float64) *rate.Limiter {
	return rate.NewLimiter(rate.Limit(perSecond), burst(perSecond))
}

// burst is what a second allows.
func burst(perSecond float64) int { return int(math.Min(math.Max(1, math.Ceil(perSecond)), 1<<30)) }

func set(bucket *rate.Limiter, perSecond float64) {
	if bucket.Limit() != rate.Limit(perSecond) {
		bucket.SetBurst(burst(perSecond))
		bucket.SetLimit(rate.Limit(perSecond))
	}
}

// until returns how long it takes until a bucket has n tokens.
func until(bucket *rate.Limiter, now time.Time, n float64) time.Duration {
	missing := n - bucket.TokensAt(now)
	if missing <= 0 {
		return 0
	}
	return max(time.Duration(math.Ceil(missing/float64(bucket.Limit())*float64(time.Second))), time.Microsecond)
}

// spend takes n tokens from a bucket, which may become negative.
func spend(bucket *rate.Limiter, now time.Time, n int) {
	for most := bucket.Burst(); n > 0; n -= most {
		bucket.ReserveN(now, min(n, most))
	}
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
