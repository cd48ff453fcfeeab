package keys_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

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

// A server notices every change within seconds, and keeps its keys while the file is broken.
func TestAChangedFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "keys.json")
	_, first := create(t, path, keys.Key{Name: "first"}, now)
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var reports []error
		k, err := keys.Open(path, keys.Options{Now: func() time.Time { return now }, Changed: func(err error) {
			mu.Lock()
			defer mu.Unlock()
			reports = append(reports, err)
		}})
		if err != nil {
			t.Fatal(err)
		}
		defer k.Close()
		state := func(text string) access.Reason {
			_, err := k.Authenticate(t.Context(), access.Credentials{Token: text})
			return access.ReasonOf(err)
		}
		settle := func() {
			time.Sleep(3 * time.Second)
			synctest.Wait()
		}
		_, second := create(t, path, keys.Key{Name: "second"}, now)
		settle()
		if got := state(second); got != "" {
			t.Errorf("a new key: %q", got)
		}
		if _, err := keys.Revoke(path, "first", now); err != nil {
			t.Fatal(err)
		}
		settle()
		if got := state(first); got != access.Revoked {
			t.Errorf("a revoked key: %q", got)
		}
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, whole[:len(whole)/2], 0o600); err != nil {
			t.Fatal(err)
		}
		settle()
		if got := state(second); got != "" || k.State().Err == nil || !strings.Contains(k.State().Err.Error(), path) {
			t.Errorf("while the file is broken: %q, state %v", got, k.State().Err)
		}
		mu.Lock()
		defer mu.Unlock()
		if len(reports) != 3 || reports[0] != nil || reports[1] != nil || !errors.Is(reports[2], corpus.ErrInvalid) {
			t.Errorf("reports %v", reports)
		}
	})
}

func TestRotate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	first, firstText := create(t, path, keys.Key{Name: "bot", Tenant: "news", Expires: at(90 * 24 * time.Hour)}, now)
	day := now.Add(24 * time.Hour)
	old, next, nextText, err := keys.Rotate(path, "bot", time.Hour, nil, day)
	if err != nil {
		t.Fatal(err)
	}
	if old.ID != first.ID || !old.Expires.Equal(day.Add(time.Hour)) || old.ReplacedBy != next.ID || next.Tenant != "news" || next.Name != "bot" || !next.Expires.Equal(day.Add(90*24*time.Hour)) {
		t.Errorf("old %+v\nnext %+v", old, next)
	}
	c := newClock()
	k := open(t, path, keys.Options{Now: c.get})
	reasons := func() string {
		_, a := k.Authenticate(t.Context(), access.Credentials{Token: firstText})
		_, b := k.Authenticate(t.Context(), access.Credentials{Token: nextText})
		return string(access.ReasonOf(a) + "/" + access.ReasonOf(b))
	}
	c.set(day.Add(time.Minute))
	if got := reasons(); got != "/" {
		t.Errorf("in the time of grace: %s", got)
	}
	c.set(day.Add(2 * time.Hour))
	if got := reasons(); got != "expired/" {
		t.Errorf("afterwards: %s", got)
	}
	// The name now means the new key, also within the time of grace.
	if _, third, _, err := keys.Rotate(path, "bot", 0, at(time.Hour*48), day.Add(time.Minute)); err != nil || !third.Expires.Equal(now.Add(48*time.Hour)) {
		t.Errorf("the second rotation: %+v, %v", third, err)
	}
	if _, _, _, err := keys.Rotate(path, first.ID, 0, nil, day.Add(time.Minute)); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("the rotation of a replaced key: %v", err)
	}
	if _, _, _, err := keys.Rotate(path, next.ID, 0, nil, day.Add(time.Minute)); !errors.Is(err, corpus.ErrRefusedState) {
		t.Errorf("the rotation of a revoked key: %v", err)
	}
	// Revoking the name ends all that are left.
	if revoked, err := keys.Revoke(path, "bot", day.Add(2*time.Minute)); err != nil || len(revoked) != 2 {
		t.Errorf("%d revoked, %v", len(revoked), err)
	}
	if _, err := keys.Revoke(path, "bot", day.Add(2*time.Minute)); !errors.Is(err, corpus.ErrRefusedState) {
		t.Errorf("revoked twice: %v", err)
	}
	if _, err := keys.Revoke(path, "nobody", day); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("revoked nobody: %v", err)
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

func TestFilesThatAreNotOfKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	create(t, path, keys.Key{Name: "a"}, now)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole := string(raw)
	one := whole[strings.Index(whole, "    {") : strings.LastIndex(whole, "}\n  ]")+1]
	for want, text := range map[string]string{
		"it is empty":                              " ",
		"its JSON ends too early":                  whole[:len(whole)/2],
		"line 1: ":                                 "data: ./x\n",
		`it has no "format": "dalil-keys"`:         `{}`,
		"has version 2":                            strings.Replace(whole, `"version": 1`, `"version": 2`, 1),
		`unknown field "hours"`:                    strings.Replace(whole, `"name"`, `"hours": "9-17", "name"`, 1),
		"keys[0].name: is there twice":             strings.Replace(whole, `"name"`, `"name": "b", "name"`, 1),
		"keys[0].Name: is there twice":             strings.Replace(whole, `"scopes"`, `"Name": "b", "scopes"`, 1),
		`Tenant: is not a field`:                   strings.Replace(whole, `"name"`, `"Tenant": "", "name"`, 1),
		"has more after the JSON object":           whole + "{}",
		"keys[1].id: ":                             strings.Replace(whole, one, one+","+one, 1),
		"keys[0]: is null":                         strings.Replace(whole, one, "null", 1),
		"keys[0].scopes[0]: must be one of search": strings.Replace(whole, `"search"`, `"all"`, 1),
		"keys[0].sha256: must be 64":               strings.Replace(whole, `"sha256": "`, `"sha256": "0`, 1),
		"keys[0].id: must be 12":                   strings.Replace(whole, `"id": "`, `"id": "0`, 1),
		"keys[0].name: must have":                  strings.Replace(whole, `"name": "a"`, `"name": ""`, 1),
		"keys[0].created: is missing":              strings.Replace(whole, `"created": "2026-05-01T12:00:00Z"`, `"groups": []`, 1),
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := keys.Open(path, keys.Options{})
		_, _, changed := keys.Create(path, keys.Key{Name: "b", Scopes: []string{"search"}}, now)
		for _, err := range []error{err, changed} {
			if !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v, want %s", err, want)
			}
		}
		if left, err := os.ReadFile(path); err != nil || string(left) != text {
			t.Errorf("%s: the file was changed, %v", want, err)
		}
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

// What is read is written, and read back the same.
func FuzzFile(f *testing.F) {
	path := filepath.Join(f.TempDir(), "keys.json")
	create(f, path, keys.Key{Name: "a", Filter: json.RawMessage(`{"not":{"metadata":{"key":"k"}}}`), Rates: &keys.Rates{Streams: 1}, Expires: at(time.Hour)}, now)
	raw, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"format":"dalil-keys","version":1,"keys":[{}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		all, err := keys.Decode(raw)
		if err != nil {
			return
		}
		again, err := keys.Encode(all)
		if err != nil {
			t.Fatal(err)
		}
		read, err := keys.Decode(again)
		if err != nil || len(read) != len(all) {
			t.Fatalf("%d keys, then %d, %v", len(all), len(read), err)
		}
		for i := range all {
			compact(t, all[i])
			compact(t, read[i])
		}
		if diff := cmp.Diff(all, read); diff != "" {
			t.Errorf("(-read +read back):\n%s", diff)
		}
	})
}

func compact(t *testing.T, k *keys.Key) {
	if len(k.Filter) > 0 {
		var v any
		if err := json.Unmarshal(k.Filter, &v); err != nil {
			t.Fatal(err)
		}
		k.Filter, _ = json.Marshal(v)
	}
	if len(k.Groups) == 0 {
		k.Groups = nil
	}
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
