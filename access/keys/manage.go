package keys

import (
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"dalil/corpus"
)

// Create adds a key to the file, which is made if it does not exist, and returns the
// key and its text. The text is not kept anywhere: who loses it needs another key. k
// has the settings; its id, hash and time of creation are set. The errors are
// InvalidErrors, which name the field, if the settings are not valid.
func Create(path string, k Key, now time.Time) (Key, string, error) {
	text := ""
	err := update(path, true, func(all []*Key) ([]*Key, error) {
		if k.Expires != nil && !k.Expires.After(now) {
			return nil, corpus.Invalid("expires", "must be in the future, is "+k.Expires.Format(time.RFC3339))
		}
		for _, other := range all {
			if other.Name == k.Name && other.State(now) == Live {
				return nil, corpus.Invalid("name", fmt.Sprintf("%q is the name of a live key (%s); choose another name, or rotate or revoke that key", k.Name, other.ID))
			}
			if other.ID == k.Name {
				return nil, corpus.Invalid("name", fmt.Sprintf("%q is the id of a key", k.Name))
			}
		}
		text = k.fill(all, now)
		made, err := k.check()
		if err != nil {
			return nil, err
		}
		if p := &made.principal; p.Scopes.Has(corpus.ScopeAdmin) && (len(p.Groups) > 0 || !p.Filter.IsZero()) {
			field := "groups"
			if len(p.Groups) == 0 {
				field = "filter"
			}
			return nil, corpus.Invalid(field, "does not restrict the scope admin, which reads everything, for example in a backup; leave it out, or choose other scopes")
		}
		return append(all, &k), nil
	})
	if err != nil {
		return Key{}, "", err
	}
	return k, text, nil
}

// fill gives a new key its id, hash and time, and returns its text.
func (k *Key) fill(all []*Key, now time.Time) (text string) {
	for {
		k.ID, text = newText()
		if !slices.ContainsFunc(all, func(other *Key) bool { return other.ID == k.ID || other.Name == k.ID }) {
			break
		}
	}
	sum := hashOf(text)
	k.SHA256, k.Created = hex.EncodeToString(sum[:]), now.UTC().Truncate(time.Second)
	return text
}

// Revoke ends the key with an id, or all live keys with a name, and returns them. A
// server that reads the file refuses them within seconds.
func Revoke(path, named string, now time.Time) (revoked []Key, err error) {
	now = now.UTC()
	err = update(path, false, func(all []*Key) ([]*Key, error) {
		found, err := find(all, named, now)
		for _, k := range found {
			k.Revoked = &now
			revoked = append(revoked, *k)
		}
		return all, err
	})
	if err != nil {
		return nil, err
	}
	return revoked, nil
}

// Prune removes the keys that ended before a time, revoked or expired, and returns them. A server no longer
// says of such a key that it ended, only that it does not exist.
func Prune(path string, before time.Time) (removed []Key, err error) {
	err = update(path, false, func(all []*Key) ([]*Key, error) {
		return slices.DeleteFunc(all, func(k *Key) bool {
			if k.State(before) == Live {
				return false
			}
			removed = append(removed, *k)
			return true
		}), nil
	})
	if err != nil {
		return nil, err
	}
	return removed, nil
}

// Rotate makes a key with the settings of another one, and ends the other one after
// the time of grace; 0 ends it at once. If expires is nil, the new key lives as long as
// the other one was to live. Rotate returns both keys and the text of the new one.
func Rotate(path, named string, grace time.Duration, expires *time.Time, now time.Time) (old, next Key, text string, err error) {
	now = now.UTC()
	if grace < 0 {
		return old, next, "", corpus.Invalid("grace", "must not be negative, is "+grace.String())
	}
	err = update(path, false, func(all []*Key) ([]*Key, error) {
		found, err := find(all, named, now)
		if err != nil {
			return nil, err
		}
		// A key that a rotation replaced has the name too, until it ends.
		found = slices.DeleteFunc(found, func(k *Key) bool { return k.ReplacedBy != "" })
		if len(found) != 1 {
			if id, is := IDOf(named); is {
				named = id
			}
			return nil, corpus.Invalid("key", fmt.Sprintf("%q was rotated before; name the key that replaced it", named))
		}
		replaced := found[0]
		next = *replaced
		next.Expires = expires
		if expires == nil && replaced.Expires != nil {
			until := now.Add(replaced.Expires.Sub(replaced.Created)).Truncate(time.Second)
			next.Expires = &until
		}
		if next.Expires != nil && !next.Expires.After(now) {
			return nil, corpus.Invalid("expires", "must be in the future, is "+next.Expires.Format(time.RFC3339))
		}
		text = next.fill(all, now)
		replaced.ReplacedBy = next.ID
		if until := now.Add(grace).Truncate(time.Second); grace == 0 {
			replaced.Revoked = &now
		} else if replaced.Expires == nil || until.Before(*replaced.Expires) {
			replaced.Expires = &until
		}
		old = *replaced
		return append(all, &next), nil
	})
	if err != nil {
		return Key{}, Key{}, "", err
	}
	return old, next, text, nil
}

// find returns the key with an id, or the live keys with a name. A whole key stands for
// its id, and is in no error.
func find(all []*Key, named string, now time.Time) (found []*Key, err error) {
	if id, is := IDOf(named); is {
		named = id
	}
	state := ""
	for _, k := range all {
		if k.ID != named && k.Name != named {
			continue
		}
		if state = k.State(now); state == Live {
			found = append(found, k)
		}
	}
	switch {
	case len(found) > 0:
		return found, nil
	case state != "":
		return nil, corpus.Errorf(corpus.ErrRefusedState, "key %q is %s already", named, state)
	}
	return nil, corpus.Errorf(corpus.ErrNotFound, "there is no key with the id or name %q", named)
}
