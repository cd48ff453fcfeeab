package server

import (
	"sync"

	"dalil/access/rates"
)

// Health and reflection may be open to callers without a credential, and each of their
// streams costs a goroutine and memory for as long as its client keeps it. So the streams
// of such callers have places of their own: a quarter of Options.Calls for all, and a
// sixteenth for one network.
//
// The first streams of each connection need no place, because the gRPC library of a client
// opens one to learn whether the server is healthy, without the credential of the client.
// Without it, the client makes no calls. The number of connections is limited.
const (
	freeStreams    = 2
	strangersShare = 4
	networkShare   = 16
)

// strangers counts the open streams of callers without a principal.
type strangers struct {
	mu          sync.Mutex
	all         int            // beside the free ones
	networks    map[string]int // the same by network
	connections map[string]int // free streams by connection
}

// enter takes a place for a stream of a connection, of calls in all, or says why there is
// none. The caller calls left when the stream has ended.
func (s *strangers) enter(from Caller, connection string, calls int) (left func(), err error) {
	network := ""
	if from.Peer.IsValid() {
		network = rates.Network(from.Peer.String())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.networks == nil {
		s.networks, s.connections = map[string]int{}, map[string]int{}
	}
	if s.connections[connection] < freeStreams {
		s.connections[connection]++
		return func() { s.leave(s.connections, connection) }, nil
	}
	switch {
	case s.networks[network] >= max(1, calls/networkShare):
		return nil, overloaded("this network has too many open streams without a credential")
	case s.all >= max(1, calls/strangersShare):
		return nil, overloaded("the server has too many open streams of callers without a credential")
	}
	s.all++
	s.networks[network]++
	return func() {
		s.leave(s.networks, network)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all--
	}, nil
}

// leave gives back a place.
func (s *strangers) leave(places map[string]int, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if places[name]--; places[name] == 0 {
		delete(places, name)
	}
}
