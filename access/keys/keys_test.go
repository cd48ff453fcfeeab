package keys_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dalil/access"
	"dalil/access/accesstest"
	"dalil/access/keys"
	"dalil/corpus"
)

var now = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func at(d time.Duration) *time.Time {
	t := now.Add(d)
	return &t
}

func create(t testing.TB, path string, k keys.Key, when time.Time) (keys.Key, string) {
	t.Helper()
	if k.Scopes == nil {
		k.Scopes = []string{"search"}
	}
	made, text, err := keys.Create(path, k, when)
	if err != nil {
		t.Fatal(err)
	}
	return made, text
}

// clock is the time of an authenticator.
type clock struct{ now atomic.Pointer[time.Time] }

func newClock() *clock {
	c := &clock{}
	c.set(now)
	return c
}

func (c *clock) set(t time.Time) { c.now.Store(&t) }
func (c *clock) get() time.Time  { return *c.now.Load() }

func open(t testing.TB, path string, o keys.Options) *keys.Keys {
	t.Helper()
	k, err := keys.Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	return k
}

func TestKeysConform(t *testing.T) {
	accesstest.Run(t, func(t *testing.T) accesstest.Subject {
		path := filepath.Join(t.TempDir(), "keys.json")
		plain, plainText := create(t, path, keys.Key{Name: "chatbot"}, now)
		full, fullText := create(t, path, keys.Key{
			Name: "crawler", Scopes: []string{"search", "write"}, Tenant: "news", Groups: []string{"staff", "press"}, AllGroups: true,
			Filter: json.RawMessage(`{"in": {"field": "LANGUAGE", "values": ["ar"]}}`), Rates: &keys.Rates{Requests: 5, Tokens: 1000, Streams: 2}, Expires: at(time.Hour),
		}, now)
		_, old := create(t, path, keys.Key{Name: "old", Expires: at(-time.Hour)}, now.Add(-2*time.Hour))
		_, revoked := create(t, path, keys.Key{Name: "revoked"}, now.Add(-2*time.Hour))
		if _, err := keys.Revoke(path, "revoked", now.Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
		_, foreign := create(t, filepath.Join(t.TempDir(), "other.json"), keys.Key{Name: "other"}, now)
		c := newClock()
		return accesstest.Subject{
			Authenticator: open(t, path, keys.Options{Now: c.get}),
			Valid: []accesstest.Valid{
				{Name: "the smallest", Token: plainText, Want: corpus.Principal{Name: "chatbot", ID: plain.ID, Scopes: corpus.ScopeSearch}},
				{Name: "every field", Token: fullText, Want: corpus.Principal{
					Name: "crawler", ID: full.ID, Scopes: corpus.ScopeSearch | corpus.ScopeWrite, Tenant: "news", Groups: []string{"staff", "press"}, All: true,
					Filter: corpus.Filter{In: &corpus.In{Field: corpus.FieldLanguage, Values: []string{"ar"}}},
					Rates:  corpus.Rates{Requests: 5, Tokens: 1000, Streams: 2}, Expires: now.Add(time.Hour),
				}},
			},
			Refused: []accesstest.Refused{
				{Name: "an expired key", Token: old, Want: access.Expired},
				{Name: "a revoked key", Token: revoked, Want: access.Revoked},
				{Name: "a key of another server", Token: foreign, Want: access.Unknown},
				{Name: "another id with the same secret", Token: withID(plainText, full.ID), Want: access.Unknown},
				{Name: "a typo", Token: plainText[:30] + flip(plainText[30]) + plainText[31:], Want: access.Malformed},
				{Name: "a token", Token: "eyJhbGciOiJub25lIn0.e30.", Want: access.Malformed},
			},
			Expiring: fullText, Expires: now.Add(time.Hour), SetTime: c.set,
		}
	})
}

func flip(digit byte) string {
	if digit == 'x' {
		return "y"
	}
	return "x"
}

// withID puts another id into a key and corrects the checksum, as an attacker can.
func withID(text, id string) string {
	body := text[:len(keys.Prefix)] + id + text[len(keys.Prefix)+len(id):len(text)-6]
	return body + keys.Checksum(body)
}

// The text of a key has the form that docs/security.md gives to secret scanners.
func TestTheFormOfAKey(t *testing.T) {
	page, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	const expression = `dalil_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}`
	if !strings.Contains(string(page), expression) {
		t.Error("docs/security.md does not have the regular expression")
	}
	path := filepath.Join(t.TempDir(), "keys.json")
	made, text := create(t, path, keys.Key{Name: "a"}, now)
	if found := regexp.MustCompile(`^` + expression + `$`).FindString(text); found == "" || !strings.Contains(text, made.ID) {
		t.Errorf("the key is %q with id %q", text, made.ID)
	}
	raw, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(raw), text[20:40]) {
		t.Errorf("the file has the secret, or %v", err)
	}
	if _, other := create(t, path, keys.Key{Name: "b"}, now); other == text {
		t.Error("two keys are equal")
	}
	// The checksum is CRC-32: that of "123456789" is 0xCBF43926.
	if got := keys.Checksum("123456789"); got != "3Jzrme" {
		t.Errorf("checksum %q", got)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	create(t, path, keys.Key{Name: "taken"}, now)
	create(t, path, keys.Key{Name: "ended", Expires: at(time.Hour)}, now)
	for want, k := range map[string]keys.Key{
		"name: must have only letters":            {Name: "a b"},
		"name: must be at most 64 bytes":          {Name: strings.Repeat("a", 65)},
		`name: "taken" is the name of a live key`: {Name: "taken"},
		"expires: must be in the future":          {Name: "a", Expires: at(0)},
		"scopes[1]: must be one of search, write": {Name: "a", Scopes: []string{"search", "Write"}},
		"scopes: is empty":                        {Name: "a", Scopes: []string{}},
		"tenant: must have only a-z":              {Name: "a", Tenant: "News"},
		`groups[0]: must not be "*"`:              {Name: "a", Groups: []string{"*"}},
		"filter: is not valid JSON":               {Name: "a", Filter: json.RawMessage(`{"in"`)},
		"filter.inn: is unknown":                  {Name: "a", Filter: json.RawMessage(`{"inn": {}}`)},
		"filter.in.values: is empty":              {Name: "a", Filter: json.RawMessage(`{"in": {"field": "LANGUAGE"}}`)},
		"filter: has no clause":                   {Name: "a", Filter: json.RawMessage(`{}`)},
		"filter: is empty; leave":                 {Name: "a", Filter: json.RawMessage(`null`)},
		"filter: does not restrict the scope":     {Name: "a", Scopes: []string{"admin"}, Filter: json.RawMessage(`{"in": {"field": "LANGUAGE", "values": ["en"]}}`)},
		"groups: does not restrict the scope":     {Name: "a", Scopes: []string{"admin"}, Groups: []string{"fin"}},
		"rates.requests_per_second: must be 0":    {Name: "a", Rates: &keys.Rates{Requests: -1}},
		"rates.streams: must be 0":                {Name: "a", Rates: &keys.Rates{Streams: -1}},
	} {
		if k.Scopes == nil {
			k.Scopes = []string{"search"}
		}
		if _, text, err := keys.Create(path, k, now); !errors.Is(err, corpus.ErrInvalid) || text != "" || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %q, %v; want %s", text, err, want)
		}
	}
	// The name of a key that has ended is free.
	if _, _, err := keys.Create(path, keys.Key{Name: "ended", Scopes: []string{"search"}}, now.Add(2*time.Hour)); err != nil {
		t.Error(err)
	}
	if all, err := keys.Read(path); err != nil || len(all) != 3 {
		t.Errorf("%d keys, %v", len(all), err)
	}
}

func TestUntil(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	create(t, path, keys.Key{Name: "never"}, now)
	create(t, path, keys.Key{Name: "late", Expires: at(2 * time.Hour)}, now)
	create(t, path, keys.Key{Name: "soon", Expires: at(time.Hour)}, now)
	c := newClock()
	k := open(t, path, keys.Options{Now: c.get})
	if until, name := k.Until(); name != "soon" || !until.Equal(*at(time.Hour)) {
		t.Errorf("%v, %q", until, name)
	}
	c.set(now.Add(90 * time.Minute))
	if _, name := k.Until(); name != "late" {
		t.Errorf("later: %q", name)
	}
	if _, _, _, err := keys.Rotate(path, "late", time.Minute, at(10*time.Hour), now); err != nil {
		t.Fatal(err)
	}
	again := open(t, path, keys.Options{Now: c.get})
	if until, name := again.Until(); name != "late" || !until.Equal(*at(10 * time.Hour)) {
		t.Errorf("after a rotation: %v, %q", until, name)
	}
}

func FuzzAuthenticate(f *testing.F) {
	path := filepath.Join(f.TempDir(), "keys.json")
	_, text := create(f, path, keys.Key{Name: "a"}, now)
	k := open(f, path, keys.Options{Now: func() time.Time { return now }})
	for _, seed := range []string{"", text, text[:40], "dalil_", withID(text, "000000000000"), strings.Repeat("é", 40)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		p, err := k.Authenticate(context.Background(), access.Credentials{Token: token})
		if (err == nil) != (token == text) || err != nil && (access.ReasonOf(err) == "" || p.Scopes != 0) {
			t.Errorf("got %+v, %v", p, err)
		}
	})
}

// A key adds at most 20 µs to a call.
func BenchmarkKey(b *testing.B) {
	path := filepath.Join(b.TempDir(), "keys.json")
	_, text := create(b, path, keys.Key{Name: "a", Groups: []string{"g"}}, now)
	k := open(b, path, keys.Options{Now: func() time.Time { return now }})
	for b.Loop() {
		if _, err := k.Authenticate(b.Context(), access.Credentials{Token: text}); err != nil {
			b.Fatal(err)
		}
	}
}

// A wrong key costs no more than a right one.
func BenchmarkWrongKey(b *testing.B) {
	path := filepath.Join(b.TempDir(), "keys.json")
	_, text := create(b, path, keys.Key{Name: "a"}, now)
	k := open(b, path, keys.Options{Now: func() time.Time { return now }})
	wrong := withID(text, "000000000000")
	for b.Loop() {
		if _, err := k.Authenticate(b.Context(), access.Credentials{Token: wrong}); err == nil {
			b.Fatal("it was accepted")
		}
	}
}

// An administrator may do everything, so also with documents of any group.
func TestAdministratorsSeeAllGroups(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	for scope, want := range map[string]bool{"admin": true, "write": false} {
		_, text := create(t, path, keys.Key{Name: scope, Scopes: []string{scope}}, now)
		p, err := open(t, path, keys.Options{Now: func() time.Time { return now }}).Authenticate(t.Context(), access.Credentials{Token: text})
		if err != nil || p.All != want || p.Restricted() == want {
			t.Errorf("%s: %+v, error %v", scope, p, err)
		}
	}
}
