package authn_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dalil/access/keys"
	"dalil/internal/authn"
	"dalil/internal/config"
	"dalil/internal/doctor"
)

// examine returns the findings about callers, one a line.
func examine(t *testing.T, change func(*config.Access)) string {
	t.Helper()
	var lines []string
	for _, f := range doctor.Callers(t.Context(), authn.Examined(configured(change))) {
		lines = append(lines, f.State+" "+f.Check+": "+f.Detail+" | "+f.Advice)
	}
	return strings.Join(lines, "\n")
}

func TestTheDoctorExaminesCallers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	create := func(name string, expires time.Duration) {
		t.Helper()
		k := keys.Key{Name: name, Scopes: []string{"search"}}
		if expires > 0 {
			until := time.Now().Add(expires)
			k.Expires = &until
		}
		if _, _, err := keys.Create(path, k, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	check := func(name string, change func(*config.Access), want ...string) {
		t.Helper()
		got := examine(t, change)
		if len(want) == 0 && got != "" || len(want) != strings.Count(got, "\n")+1 && len(want) > 0 {
			t.Errorf("%s:\n%s\nwant %q", name, got, want)
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s:\n%s\nwant %q", name, got, w)
			}
		}
	}
	file := func(c *config.Access) { c.Keys = path }
	check("nothing is configured", func(*config.Access) {})
	check("no file", file, "failed API keys: read "+path+": no such file")
	create("bot", 0)
	create("crawler", 90*24*time.Hour)
	check("all is well", file, "ok API keys: "+path+" has 2 live keys")
	create("b", 3*24*time.Hour)
	create("a", 2*24*time.Hour)
	check("keys that end", file, "warning API keys: keys end within 14 days: a (")
	for _, name := range []string{"a", "b"} {
		if _, _, _, err := keys.Rotate(path, name, time.Hour, nil, time.Now().Add(-time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	check("others can read", file, "chmod 600 "+path, "keys end within")
	for _, open := range []struct {
		path   string
		mode   os.FileMode
		before os.FileMode
		want   string
	}{
		{path, 0o602, 0o600, "failed API keys: other users of this machine can change " + path},
		{path, 0o666, 0o600, "failed API keys: other users of this machine can change " + path},
		{path, 0o620, 0o600, "warning API keys: the group of " + path + " can change it"},
		{filepath.Dir(path), 0o770, 0o700, "warning API keys: the group of " + filepath.Dir(path) + " can change it"},
		{filepath.Dir(path), 0o777, 0o700, "failed API keys: other users of this machine can change " + filepath.Dir(path) + ","},
	} {
		if err := errors.Join(os.Chmod(path, 0o600), os.Chmod(open.path, open.mode)); err != nil {
			t.Fatal(err)
		}
		check(fmt.Sprintf("%s has the mode %o", open.path, open.mode), file, open.want, "keys end within")
		if err := os.Chmod(open.path, open.before); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Dir(path), 0o777|os.ModeSticky); err != nil {
		t.Fatal(err)
	}
	check("a sticky folder", file, "keys end within")
	for _, name := range []string{"bot", "crawler", "a", "b"} {
		if _, err := keys.Revoke(path, name, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	check("no live key", file, "warning API keys: no key in "+path+" is live")

	jwks := func(at string) func(*config.Access) {
		return func(c *config.Access) {
			c.JWT.Issuer, c.JWT.Audience, c.JWT.KeySet = "i", []string{"a"}, at
		}
	}
	const set = "../../access/jwt/testdata/jwks.json"
	check("a key set", jwks(set), "ok key set: "+set)
	check("no key set", jwks("none.json"), "failed key set: access.jwt.jwks: read none.json: no such file")
	check("an issuer that is down", jwks("http://127.0.0.1:1/jwks"), "failed key set: access.jwt.jwks: cannot read the issuer's keys at http://127.0.0.1:1/jwks")
}
