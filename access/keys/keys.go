// Package keys authenticates calls by API keys. The keys are in a file that has only
// their hashes; commands change it, and a server reads it again when it changes. Start
// with [Open] for a server and [Create] for commands.
package keys

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"sync/atomic"
	"time"

	"dalil/access"
	"dalil/access/files"
	"dalil/corpus"
)

// Options of [Open]. The zero value works.
type Options struct {
	Now     func() time.Time // nil: time.Now
	Changed func(err error)  // see [files.Options]
}

// Keys is an [access.Authenticator] of API keys.
type Keys struct {
	file *files.Watched
	now  func() time.Time
	rows atomic.Pointer[map[string]*row]
}

// Open reads a file of keys. It is read again when it changes; a broken file leaves
// the earlier keys in use.
func Open(path string, o Options) (*Keys, error) {
	k := &Keys{now: o.Now}
	if k.now == nil {
		k.now = time.Now
	}
	file, err := files.Watch(path, func(raw []byte) error {
		_, rows, err := decode(raw)
		if err != nil {
			return broken(path, err)
		}
		k.rows.Store(&rows)
		return nil
	}, files.Options{MaxBytes: MaxFileBytes, Changed: o.Changed})
	if err != nil {
		return nil, err
	}
	k.file = file
	return k, nil
}

// Close ends the reading of the file. Keys can be authenticated afterwards too.
func (k *Keys) Close() { k.file.Close() }

// State returns what is known about the file.
func (k *Keys) State() files.State { return k.file.State() }

// Until returns when the first of the live keys that end will end, and its name. Keys
// that were rotated do not count, because another one has replaced them. It returns a
// zero time if none ends.
func (k *Keys) Until() (first time.Time, name string) {
	for _, r := range *k.rows.Load() {
		if until := r.key.Expires; until != nil && r.key.ReplacedBy == "" && r.key.State(k.now()) == Live && (first.IsZero() || until.Before(first)) {
			first, name = *until, r.key.Name
		}
	}
	return first, name
}

// Authenticate implements [access.Authenticator]. A key with an unknown id and a key
// with a wrong secret get the same error after the same work. Only who has a whole key
// learns that it is expired or revoked.
func (k *Keys) Authenticate(_ context.Context, c access.Credentials) (corpus.Principal, error) {
	id, err := parse(c.Token)
	if err != nil {
		return corpus.Principal{}, err
	}
	var none [sha256.Size]byte // the hash of no key that is known
	want := &none
	r := (*k.rows.Load())[id]
	if r != nil {
		want = &r.hash
	}
	got := hashOf(c.Token)
	if subtle.ConstantTimeCompare(got[:], want[:]) != 1 || r == nil {
		return corpus.Principal{}, access.Refuse(access.Unknown, "the API key is not known")
	}
	switch r.key.State(k.now()) {
	case Revoked:
		return corpus.Principal{}, access.Refuse(access.Revoked, "the API key was revoked")
	case Expired:
		return corpus.Principal{}, access.Refuse(access.Expired, "the API key has expired")
	}
	return r.principal, nil
}
