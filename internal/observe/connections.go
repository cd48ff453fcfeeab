package observe

import (
	"net"
	"net/http"
	"sync"
)

// adminConnections is how many connections the admin listener holds at once. One
// beyond them takes the place of the one that has been idle longest, so that
// probes and scrapes get through.
const adminConnections = 128

// idlest closes the connection that has been idle longest when there are more
// than most. Its state method is an http.Server's ConnState.
type idlest struct {
	most int

	mu   sync.Mutex
	open int
	idle []net.Conn // the one idle longest first
}

func (l *idlest) state(c net.Conn, s http.ConnState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch s {
	case http.StateNew:
		l.open++
		l.idle = append(l.idle, c) // it has not asked yet
		if l.open > l.most && l.idle[0] != c {
			l.idle[0].Close() // its own StateClosed counts it
			l.idle = l.idle[1:]
		}
	case http.StateIdle:
		l.idle = append(l.idle, c)
	case http.StateActive:
		l.forget(c)
	case http.StateClosed, http.StateHijacked:
		l.open--
		l.forget(c)
	}
}

func (l *idlest) forget(c net.Conn) {
	for i, one := range l.idle {
		if one == c {
			l.idle = append(l.idle[:i:i], l.idle[i+1:]...)
			return
		}
	}
}
