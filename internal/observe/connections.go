package observe

import (
	"net"
	"net/http"
	"sync"
)

// adminConnections is the largest number of open connections of the admin listener.
// Beyond it, a new connection replaces the one that was idle longest, so that
// probes and scrapes can always connect.
const adminConnections = 128

// idlest closes the connection that was idle longest if there are more than most.
// Its method state is the ConnState of an http.Server.
type idlest struct {
	most int

	mu   sync.Mutex
	open int
	idle []net.Conn // ordered by idle time, the longest first
}

func (l *idlest) state(c net.Conn, s http.ConnState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch s {
	case http.StateNew:
		l.open++
		l.idle = append(l.idle, c) // it has sent no request yet
		if l.open > l.most && l.idle[0] != c {
			l.idle[0].Close() // it is counted when its own StateClosed arrives
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
