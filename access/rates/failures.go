package rates

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How fast one address may fail before its failures are slowed. An address with a right
// credential is not slowed: only the answers to wrong ones are.
const (
	failuresPerSecond = 10
	failuresAtOnce    = 20
	longestDelay      = time.Second
)

// Failures delays the answers to wrong credentials of addresses that have sent many. It
// is safe for concurrent use, and its memory is bounded: it keeps 10,000 addresses, and
// at most 1,024 answers wait at the same time; further ones are sent at once. So wrong
// credentials can use up neither memory nor the places of running calls.
type Failures struct {
	held chan struct{}

	mu        sync.Mutex
	addresses *recent[*rate.Limiter]
}

// NewFailures returns Failures without addresses.
func NewFailures() *Failures {
	return &Failures{held: make(chan struct{}, 1024), addresses: newRecent(10_000, func(*rate.Limiter) bool { return false })}
}

// Slow counts a failure of an address (see [Network]), and waits for up to a second if
// there were many. It returns when ctx ends.
func (f *Failures) Slow(ctx context.Context, network string) {
	delay := f.count(network, time.Now())
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

// count counts a failure and returns how long its answer should wait.
func (f *Failures) count(network string, now time.Time) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	bucket := f.addresses.get(network, func() *rate.Limiter { return rate.NewLimiter(failuresPerSecond, failuresAtOnce) })
	r := bucket.ReserveN(now, 1)
	delay := r.DelayFrom(now)
	if delay > longestDelay {
		r.CancelAt(now) // the debt of an address stays below a second
		return longestDelay
	}
	return delay
}

// Len returns the number of addresses that are kept.
func (f *Failures) Len() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.addresses.len()
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
