package server

import (
	"context"
	"log/slog"
	"net"

	"google.golang.org/grpc/metadata"

	"dalil/corpus"
)

// entry has what is found out about a call before its messages are read. It is in
// the context of every call.
type entry struct {
	from      Caller
	header    metadata.MD       // of the call
	principal *corpus.Principal // nil: the caller is not known
	refused   error             // why the call is refused; nil: it may go on
	watch     *watch            // ends a stream when the credential does; nil: nothing does
	trail     *trail            // what the audit log has of a stream; nil: nothing
}

type entryKey struct{}

// entryOf returns the entry of a call. A context without one belongs to no call, which
// is refused.
func entryOf(ctx context.Context) *entry {
	if e, ok := ctx.Value(entryKey{}).(*entry); ok {
		return e
	}
	return &entry{refused: errNoEntry}
}

// errNoEntry is an error of this server: a call went past the authentication.
var errNoEntry = corpus.Errorf(corpus.ErrInternal, "the call was not authenticated")

// withEntry returns a context with an entry.
func withEntry(ctx context.Context, e *entry) context.Context {
	return context.WithValue(ctx, entryKey{}, e)
}

// CallerOf returns where a call comes from, and who makes it; principal is nil if that
// is not known. It is for interceptors: a refused call has no principal in the sense
// of [corpus.PrincipalOf].
func CallerOf(ctx context.Context) (from Caller, principal *corpus.Principal) {
	e := entryOf(ctx)
	return e.from, e.principal
}

// named returns the log attributes of the caller.
func (e *entry) named(attributes []slog.Attr) []slog.Attr {
	if e.principal == nil {
		return attributes
	}
	attributes = append(attributes, slog.String("principal", e.principal.Name))
	if e.principal.Tenant != "" {
		attributes = append(attributes, slog.String("tenant", e.principal.Tenant))
	}
	return attributes
}

type connectionKey struct{}

// WithConnection returns the context of the requests over a connection of HTTP, so that
// [CallerOfRequest] finds the connection. It is the ConnContext of a http.Server.
func WithConnection(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, acceptedAs(c.RemoteAddr()))
}

// connectionIn returns the connection of a request over HTTP; nil: its listener has no
// limit of connections.
func connectionIn(ctx context.Context) *connection {
	c, _ := ctx.Value(connectionKey{}).(*connection)
	return c
}
