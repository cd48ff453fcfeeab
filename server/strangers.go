package server

import (
	"sync"

	"dalil/access/rates"
)

// Health and reflection may be open to callers without a credential, and each of their
// streams costs a goroutine and memory for as long as its client keeps it. So the streams
// of such callers have places of their own: a quarter of Options.Calls for all, and a
// sixteenth for one network.
const (
	strangersShare = 4
	networkShare   = 16
)

// strangers counts the open streams of callers without a principal.
type strangers struct {
	mu       sync.Mutex
	all      int
	networks map[string]int
}

// enter takes a place for a stream, of calls in all, or says why there is none. The
// caller calls left when the stream has ended.
func (s *strangers) enter(from Caller, calls int) (left func(), err error) {
	network := ""
	if from.Peer.IsValid() {
		network = rates.Network(from.Peer.String())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.networks[network] >= max(1, calls/networkShare):
		return nil, overloaded("this network has too many open streams without a credential")
	case s.all >= max(1, calls/strangersShare):
		return nil, overloaded("the server has too many open streams of callers without a credential")
	}
	if s.networks == nil {
		s.networks = map[string]int{}
	}
	s.all++
	s.networks[network]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all--
		if s.networks[network]--; s.networks[network] == 0 {
			delete(s.networks, network)
		}
	}, nil
}
