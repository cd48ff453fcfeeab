package server

import (
	"net"
	"sync"
)

// silentFirst limits the number of connections of a listener. Beyond the limit, a
// new connection replaces the oldest one that has sent nothing. If all have sent
// something, the new one waits until another ends.
type silentFirst struct {
	net.Listener
	places chan struct{} // one for each open connection
	closed chan struct{}
	once   sync.Once

	mu     sync.Mutex
	silent []*pending // the oldest first
}

// LimitSilent limits the number of open connections of a listener. Beyond the
// limit, a new connection replaces the oldest one that has sent nothing. If all
// have sent something, the new one waits until another ends.
func LimitSilent(l net.Listener, most int) net.Listener {
	return &silentFirst{Listener: l, places: make(chan struct{}, most), closed: make(chan struct{})}
}

// Accept returns the next connection. If there are too many, it first closes the oldest silent one.
func (l *silentFirst) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	select {
	case l.places <- struct{}{}:
	default:
		l.evict()
		select {
		case l.places <- struct{}{}:
		case <-l.closed:
			c.Close()
			return nil, net.ErrClosed
		}
	}
	g := &pending{Conn: c, of: l}
	l.mu.Lock()
	l.silent = append(l.silent, g)
	l.mu.Unlock()
	return g, nil
}

func (l *silentFirst) evict() {
	l.mu.Lock()
	var oldest *pending
	if len(l.silent) > 0 {
		oldest, l.silent = l.silent[0], l.silent[1:]
	}
	l.mu.Unlock()
	if oldest != nil {
		oldest.Close()
	}
}

func (l *silentFirst) forget(g *pending) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, one := range l.silent {
		if one == g {
			l.silent = append(l.silent[:i:i], l.silent[i+1:]...)
			return
		}
	}
}

// Close closes the listener. It also ends a waiting Accept.
func (l *silentFirst) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// pending is one connection. It is silent until its first bytes arrive.
type pending struct {
	net.Conn
	of    *silentFirst
	spoke sync.Once
	ended sync.Once
}

func (g *pending) Read(b []byte) (int, error) {
	n, err := g.Conn.Read(b)
	if n > 0 {
		g.spoke.Do(func() { g.of.forget(g) })
	}
	return n, err
}

// Close lets the listener accept another connection.
func (g *pending) Close() error {
	err := g.Conn.Close()
	g.ended.Do(func() {
		g.of.forget(g)
		<-g.of.places
	})
	return err
}
