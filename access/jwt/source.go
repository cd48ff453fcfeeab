package jwt

import (
	"context"
	"net"
	"strings"
	"sync/atomic"

	"dalil/access/files"
	"dalil/corpus"
)

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

func openSource(o Options) (source, error) {
	if isURL(o.KeySet) {
		return openRemote(o), nil
	}
	f := &fileSource{}
	watched, err := files.Watch(o.KeySet, func(raw []byte) error {
		set, err := parseKeySet(raw)
		if err != nil {
			return &corpus.Error{Kind: corpus.ErrInvalid, Op: "read key set", Thing: o.KeySet, Cause: corpus.Foreign(err)}
		}
		f.set.Store(set)
		return nil
	}, files.Options{MaxBytes: maxSetBytes, Changed: o.Changed})
	if err != nil {
		return nil, err
	}
	f.watched = watched
	return f, nil
}

// fileSource has the keys of a file, which is read again when it changes.
type fileSource struct {
	set     atomic.Pointer[keySet]
	watched *files.Watched
}

func (f *fileSource) current() *keySet { return f.set.Load() }

func (f *fileSource) newer(context.Context, *keySet) (*keySet, error) { return f.set.Load(), nil }

func (f *fileSource) state() files.State { return f.watched.State() }

func (f *fileSource) close() { f.watched.Close() }

// Check reads the keys of an issuer once, and returns an error if tokens would be
// refused for want of them.
func Check(ctx context.Context, o Options) error {
	t, err := Open(o)
	if err != nil {
		return err
	}
	defer t.Close()
	set, err := t.keys.newer(ctx, nil)
	if set != nil {
		return nil
	}
	return &corpus.Error{Kind: corpus.ErrUnavailable, Cause: corpus.Foreign(err)}
}
