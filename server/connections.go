package server

import (
	"net"
	"sync"
	"sync/atomic"
	"time"

	"dalil/access/rates"
)

// spareAfter is how long a connection of a known caller must have been idle before a new
// one may replace it. A connection of gRPC with a running call is not idle that long, because
// the server pings its client.
const spareAfter = 90 * time.Second

// limitedListener is a listener with a limited number of open connections.
type limitedListener struct {
	net.Listener
	places chan struct{} // one for each open connection
	closed chan struct{}
	once   sync.Once

	mu   sync.Mutex
	open map[*connection]bool
}

// LimitConnections limits the number of open connections of a listener. Beyond the limit,
// a new connection replaces another one, so that strangers cannot keep callers out: of
// the connections on which no caller was authenticated yet, those of the address with
// the most connections, and of these the one that was idle longest. If callers were
// authenticated on all, it replaces one that was idle for 90 seconds, or waits.
func LimitConnections(l net.Listener, most int) net.Listener {
	return &limitedListener{Listener: l, places: make(chan struct{}, most), closed: make(chan struct{}), open: map[*connection]bool{}}
}

// Accept returns the next connection. If there are too many, it first closes another one.
func (l *limitedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	for placed := false; !placed; {
		select {
		case l.places <- struct{}{}:
			placed = true
			continue
		default:
		}
		if old := l.replaceable(time.Now()); old != nil {
			old.Close()
			continue
		}
		again := time.NewTimer(time.Second)
		select {
		case l.places <- struct{}{}:
			placed = true
		case <-again.C:
		case <-l.closed:
			c.Close()
			return nil, net.ErrClosed
		}
		again.Stop()
	}
	g := &connection{Conn: c, of: l}
	g.network = rates.Network(addressOf(c.RemoteAddr()).String())
	g.address = &connectionAddr{c.RemoteAddr(), g}
	g.touch()
	l.mu.Lock()
	l.open[g] = true
	l.mu.Unlock()
	return g, nil
}

// replaceable returns the connection that a new one replaces; nil: there is none.
func (l *limitedListener) replaceable(now time.Time) *connection {
	l.mu.Lock()
	defer l.mu.Unlock()
	sizes := map[string]int{}
	for c := range l.open {
		sizes[c.network]++
	}
	var worst *connection
	for c := range l.open {
		if c.known.Load() && now.UnixNano()-c.used.Load() < int64(spareAfter) {
			continue
		}
		if worst == nil || c.before(worst, sizes) {
			worst = c
		}
	}
	return worst
}

// before reports whether c is replaced before other.
func (c *connection) before(other *connection, sizes map[string]int) bool {
	if a, b := c.known.Load(), other.known.Load(); a != b {
		return b
	}
	if a, b := sizes[c.network], sizes[other.network]; a != b {
		return a > b
	}
	return c.used.Load() < other.used.Load()
}

// Close closes the listener. It also ends a waiting Accept.
func (l *limitedListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// connection is one connection of a limited listener.
type connection struct {
	net.Conn
	of      *limitedListener
	address *connectionAddr
	network string
	used    atomic.Int64 // when bytes were last read or written, in Unix nanoseconds
	known   atomic.Bool  // a caller was authenticated on it
	ended   sync.Once
}

func (c *connection) touch() { c.used.Store(time.Now().UnixNano()) }

// Read reads from the connection.
func (c *connection) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.touch()
	}
	return n, err
}

// Write writes to the connection.
func (c *connection) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	if n > 0 {
		c.touch()
	}
	return n, err
}

// RemoteAddr returns the address of the client, which leads back to the connection.
func (c *connection) RemoteAddr() net.Addr { return c.address }

// Close lets the listener accept another connection.
func (c *connection) Close() error {
	err := c.Conn.Close()
	c.ended.Do(func() {
		c.of.mu.Lock()
		delete(c.of.open, c)
		c.of.mu.Unlock()
		<-c.of.places
	})
	return err
}

// connectionAddr is the address of a client with its connection. It passes through the
// libraries of TLS, HTTP and gRPC.
type connectionAddr struct {
	net.Addr
	of *connection
}

// acceptedAs returns the connection of an address; nil: its listener has no limit.
func acceptedAs(a net.Addr) *connection {
	if own, ok := a.(*connectionAddr); ok {
		return own.of
	}
	return nil
}

// authenticated notes that a caller was authenticated on the connection of a call.
func (c *Caller) authenticated() {
	if c.over != nil && !c.over.known.Load() {
		c.over.known.Store(true)
	}
}
