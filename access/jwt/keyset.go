package jwt

import (
	"context"
	"crypto"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	gojwt "github.com/golang-jwt/jwt/v5"

	"dalil/access"
	"dalil/corpus"
)

// The limits of a key set. Issuers have a few keys.
const (
	maxSetBytes = 1 << 20
	maxKeys     = 100
	minRSABits  = 2048
)

// keySet has the public keys of an issuer at one time. It does not change.
type keySet struct {
	found keyfunc.Keyfunc
	used  int // keys
}

// parseKeySet reads a JSON Web Key Set (RFC 7517). Keys that cannot verify a token of
// this server are left out: those of another type or use, without an id, or too short.
func parseKeySet(raw []byte) (*keySet, error) {
	if len(raw) > maxSetBytes {
		return nil, fmt.Errorf("the key set has more than %d bytes", maxSetBytes)
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(raw, &set); err != nil {
		return nil, fmt.Errorf("is not a JSON Web Key Set: %w", err)
	}
	switch {
	case set.Keys == nil:
		return nil, errors.New(`is not a JSON Web Key Set: it has no "keys"`)
	case len(set.Keys) > maxKeys:
		return nil, fmt.Errorf("has %d keys, more than %d", len(set.Keys), maxKeys)
	}
	storage, s := jwkset.NewMemoryStorage(), &keySet{}
	seen := map[string]bool{}
	for _, one := range set.Keys {
		key, err := jwkset.NewJWKFromRawJSON(one, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
		if err != nil || !usable(key) || seen[key.Marshal().KID] {
			continue
		}
		seen[key.Marshal().KID] = true
		if err := storage.KeyWrite(context.Background(), key); err != nil {
			return nil, err
		}
		s.used++
	}
	if s.used == 0 {
		return nil, errors.New("has no key for signatures with an id (kid) that this server can use")
	}
	var err error
	s.found, err = keyfunc.New(keyfunc.Options{Storage: storage})
	return s, err
}

func usable(key jwkset.JWK) bool {
	m := key.Marshal()
	if m.KID == "" || m.USE != "" && m.USE != jwkset.UseSig {
		return false
	}
	public := key.Key()
	if private, is := public.(crypto.Signer); is {
		public = private.Public()
	}
	if of, is := public.(*rsa.PublicKey); is {
		return of.N.BitLen() >= minRSABits
	}
	_, symmetric := public.([]byte)
	return !symmetric
}

// keyOf returns the key that must have signed a token.
func (t *Tokens) keyOf(ctx context.Context, token *gojwt.Token) (any, *keySet, error) {
	if kid, _ := token.Header["kid"].(string); kid == "" {
		return nil, nil, access.Refuse(access.Malformed, "the token does not name its key (kid)")
	}
	set := t.keys.current()
	for look := range 2 {
		if set != nil {
			key, err := set.found.KeyfuncCtx(ctx)(token)
			if err == nil {
				return key, set, nil
			}
			if !errors.Is(err, jwkset.ErrKeyNotFound) { // its algorithm is not that of the token
				return nil, nil, access.Refuse(access.Unknown, "the token has another algorithm than its key")
			}
		}
		if look > 0 {
			break
		}
		newer, err := t.keys.newer(ctx, set)
		if err != nil {
			// The issuer may have made a new key, so the token may be valid.
			return nil, nil, &corpus.Error{Kind: corpus.ErrUnavailable, Op: "read the issuer's keys", Cause: corpus.Foreign(err)}
		}
		if newer == set {
			break
		}
		set = newer
	}
	return nil, nil, access.Refuse(access.Unknown, "the token is signed with a key that its issuer does not have")
}
