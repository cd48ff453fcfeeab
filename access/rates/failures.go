package rates

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How many answers one address or caller gets before further ones are delayed. One that
// does more than it may would otherwise cost as much as one that is allowed to.
const (
	failuresPerSecond = 10
	failuresAtOnce    = 20
	refusalsPerSecond = 50
	refusalsAtOnce    = 100
	longestDelay      = time.Second
)

// Failures delays answers to those who get many refusals. It is safe for concurrent use,
// and its memory is bounded: it keeps 10,000 names, and at most 1,024 answers wait at the
// same time; further ones are sent at once. So refusals can use up neither memory nor the
// places of running calls.
type Failures struct {
	held      chan struct{}
	perSecond rate.Limit
	atOnce    int

	mu     sync.Mutex
	byName *recent[*rate.Limiter]
}

// NewFailures returns Failures for wrong credentials by address (see [Network]): 20 are
// answered at once, and then 10 a second. An address with a right credential is not
// delayed: only the answers to wrong ones are.
func NewFailures() *Failures { return newFailures(failuresPerSecond, failuresAtOnce) }

// NewRefusals returns Failures for calls beyond the limits of a caller, by the name of the
// caller: 100 are answered at once, and then 50 a second.
func NewRefusals() *Failures { return newFailures(refusalsPerSecond, refusalsAtOnce) }

func newFailures(perSecond rate.Limit, atOnce int) *Failures {
	return &Failures{
		held: make(chan struct{}, 1024), perSecond: perSecond, atOnce: atOnce,
		byName: newRecent(10_000, func(*rate.Limiter) bool { return false }),
	}
}

// Slow counts a refusal of a name, and waits for up to a second if there were many. It
// returns when ctx ends.
func (f *Failures) Slow(ctx context.Context, name string) {
	delay := f.count(name, time.Now())
	if delay <= 0 {
		return
	}
	select {
	case f.held <- struct{}{}:
	default:
		return
	}
	defer func() { <-f.held }()
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// count counts a refusal and returns how long its answer should wait.
func (f *Failures) count(name string, now time.Time) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	bucket := f.byName.get(name, func() *rate.Limiter { return rate.NewLimiter(f.perSecond, f.atOnce) })
	r := bucket.ReserveN(now, 1)
	delay := r.DelayFrom(now)
	if delay > longestDelay {
		r.CancelAt(now) // the debt of a name stays below a second
		return longestDelay
	}
	return delay
}

// Len returns the number of names that are kept.
func (f *Failures) Len() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.byName.len()
}

// Network returns what an address is counted by: the address itself of IPv4, and the
// first 64 bits of IPv6, because one machine has all addresses of such a network. It
// accepts an address with or without a port; another text is returned as it is.
func Network(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return ip.String()
	}
	return prefix.String()
}
