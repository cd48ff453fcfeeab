package keys

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"time"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/proto/value"
	"dalil/proto/wirejson"
)

// Key is what the file keeps of one key. It has no secret.
type Key struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	SHA256 string   `json:"sha256"` // of the text of the key, in hexadecimal digits
	Scopes []string `json:"scopes"`
	Tenant string   `json:"tenant,omitempty"` // empty: the tenant without a name
	Groups []string `json:"groups,omitempty"`
	// AllGroups lets the caller see documents for any group.
	AllGroups bool `json:"all_groups,omitempty"`
	// Filter restricts what the caller sees, in the form of the wire's filters.
	Filter     json.RawMessage `json:"filter,omitempty"`
	Rates      *Rates          `json:"rates,omitempty"` // nil: no limits of its own
	Created    time.Time       `json:"created"`
	Expires    *time.Time      `json:"expires,omitempty"`     // nil: never
	Revoked    *time.Time      `json:"revoked,omitempty"`     // nil: it is not
	ReplacedBy string          `json:"replaced_by,omitempty"` // the id of the key that a rotation made
}

// Rates limit the callers with one key together. 0: no limit.
type Rates struct {
	Requests float64 `json:"requests_per_second,omitempty"`
	Tokens   float64 `json:"tokens_per_second,omitempty"`
	Streams  int     `json:"streams,omitempty"`
}

// The states of a key.
const (
	Live    = "live"
	Expired = "expired"
	Revoked = "revoked"
)

// State returns whether a key is live at a time.
func (k *Key) State(now time.Time) string {
	switch {
	case k.Revoked != nil && !now.Before(*k.Revoked):
		return Revoked
	case k.Expires != nil && !now.Before(*k.Expires):
		return Expired
	}
	return Live
}

// MaxNameBytes is the longest name of a key.
const MaxNameBytes = 64

// Most filters have a few clauses. The limits are those of requests.
const (
	maxClauses     = 64
	maxFilterBytes = 32 << 10
)

var (
	nameForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@-]*$`)
	idForm   = regexp.MustCompile(fmt.Sprintf("^[0-9A-Za-z]{%d}$", idDigits))
)

// row is a checked key as the look-up needs it.
type row struct {
	hash      [sha256.Size]byte
	key       *Key
	principal corpus.Principal
}

// check returns the row of a key, or what is wrong with the key. The errors are
// InvalidErrors, which name the field.
func (k *Key) check() (*row, error) {
	if !idForm.MatchString(k.ID) {
		return nil, corpus.Invalid("id", fmt.Sprintf("must be %d digits of 0-9, a-z and A-Z", idDigits))
	}
	if err := checkName(k.Name); err != nil {
		return nil, err
	}
	r := &row{key: k, principal: corpus.Principal{Name: k.Name, ID: k.ID, Tenant: k.Tenant, Groups: k.Groups[:len(k.Groups):len(k.Groups)], All: k.AllGroups}}
	hash, err := hex.DecodeString(k.SHA256)
	if err != nil || len(hash) != len(r.hash) {
		return nil, corpus.Invalid("sha256", fmt.Sprintf("must be %d hexadecimal digits", 2*len(r.hash)))
	}
	copy(r.hash[:], hash)
	if len(k.Scopes) == 0 {
		return nil, corpus.Invalid("scopes", "is empty; it must have one of search, write, admin, metrics")
	}
	for i, name := range k.Scopes {
		scope, err := corpus.ParseScope(name)
		if err != nil {
			return nil, under(fmt.Sprintf("scopes[%d]", i), err)
		}
		r.principal.Scopes |= scope
	}
	r.principal.All = r.principal.All || r.principal.Scopes.Has(corpus.ScopeAdmin)
	if found := append(corpus.TenantViolations("tenant", k.Tenant), corpus.GroupViolations("groups", k.Groups)...); len(found) > 0 {
		return nil, &corpus.InvalidError{Violations: found}
	}
	if r.principal.Filter, err = parseFilter(k.Filter); err != nil {
		return nil, err
	}
	if r.principal.Rates, err = k.Rates.check(); err != nil {
		return nil, err
	}
	if k.Created.IsZero() {
		return nil, corpus.Invalid("created", "is missing")
	}
	if k.Expires != nil {
		r.principal.Expires = *k.Expires
	}
	return r, nil
}

func checkName(name string) error {
	switch {
	case len(name) > MaxNameBytes:
		return &corpus.InvalidError{Violations: []corpus.Violation{corpus.TooLong("name", len(name), MaxNameBytes)}}
	case !nameForm.MatchString(name):
		return corpus.Invalid("name", fmt.Sprintf("must have only letters, digits and . _ @ -, and begin with a letter or digit; is %q", name))
	}
	return nil
}

func (r *Rates) check() (corpus.Rates, error) {
	if r == nil {
		return corpus.Rates{}, nil
	}
	for name, n := range map[string]float64{"requests_per_second": r.Requests, "tokens_per_second": r.Tokens, "streams": float64(r.Streams)} {
		if !(n >= 0) || math.IsInf(n, 0) {
			return corpus.Rates{}, corpus.Invalid("rates."+name, fmt.Sprintf("must be 0 (no limit) or more, is %v", n))
		}
	}
	return corpus.Rates{Requests: r.Requests, Tokens: r.Tokens, Streams: r.Streams}, nil
}

// parseFilter reads a filter in the JSON form of the wire.
func parseFilter(raw json.RawMessage) (corpus.Filter, error) {
	switch {
	case raw == nil:
		return corpus.Filter{}, nil
	case len(raw) == 0 || string(raw) == "null": // most likely a variable without a value
		return corpus.Filter{}, corpus.Invalid("filter", "is empty; leave it out to allow all documents")
	}
	var wire dalilv1.Filter
	if err := wirejson.Unmarshal(raw, &wire); err != nil {
		return corpus.Filter{}, under("filter", err)
	}
	f, err := value.Filter("filter", &wire)
	if err == nil && f.IsZero() {
		err = corpus.Invalid("filter", "has no clause; leave it out to allow all documents")
	}
	if err == nil {
		err = f.Validate(maxClauses)
	}
	if n := f.Bytes(); err == nil && n > maxFilterBytes {
		err = &corpus.InvalidError{Violations: []corpus.Violation{corpus.TooLong("filter", n, maxFilterBytes)}}
	}
	if err != nil {
		return corpus.Filter{}, err
	}
	return f, nil
}

// under names the field in which an error was found.
func under(field string, err error) error {
	var invalid *corpus.InvalidError
	if !errors.As(err, &invalid) {
		return corpus.Invalid(field, err.Error())
	}
	all := make([]corpus.Violation, len(invalid.Violations))
	for i, v := range invalid.Violations {
		if field != "filter" || v.Field == "" || v.Field == "request" {
			v.Field = field
		} else {
			v.Field = field + "." + v.Field
		}
		all[i] = v
	}
	return &corpus.InvalidError{Violations: all}
}
