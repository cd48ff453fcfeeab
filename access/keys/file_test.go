package keys_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/access"
	"dalil/access/keys"
	"dalil/corpus"
)

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
