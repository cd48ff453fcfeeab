package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"dalil/access"
	"dalil/access/keys"
	"dalil/corpus"
)

var keyLine = regexp.MustCompile(`^dalil_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}\n$`)

// who returns the caller that a key stands for.
func who(t *testing.T, file, line string) (corpus.Principal, error) {
	t.Helper()
	k, err := keys.Open(file, keys.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	return k.Authenticate(t.Context(), access.Credentials{Token: strings.TrimSpace(line)})
}

// The life of a key: made, listed, rotated, revoked. Standard output has the key alone.
func TestKeys(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys.json")
	code, made, errs := dalil(t, "", "", nil, "keys", "create", "--keys", file, "--name", "chatbot", "--scope", "search,write", "--tenant", "news",
		"--group", "staff", "--group", "press, radio", "--filter", `{"in": {"field": "source", "values": ["wire"]}}`, "--expires", "90d",
		"--requests-per-second", "5", "--tokens-per-second", "1000.5", "--streams", "2")
	if code != 0 || !keyLine.MatchString(made) || strings.Contains(errs, strings.TrimSpace(made)[20:]) {
		t.Fatalf("create: %d %q\n%s", code, made, errs)
	}
	got, err := who(t, file, made)
	if err != nil {
		t.Fatal(err)
	}
	if left := time.Until(got.Expires); left < 89*24*time.Hour || left > 91*24*time.Hour {
		t.Errorf("it ends in %v", left)
	}
	if got.Name != "chatbot" || got.Scopes != corpus.ScopeSearch|corpus.ScopeWrite || got.Tenant != "news" || len(got.Groups) != 2 || got.Groups[1] != "press, radio" ||
		got.All || got.Filter.In == nil || got.Rates != (corpus.Rates{Requests: 5, Tokens: 1000.5, Streams: 2}) {
		t.Errorf("the key stands for %+v", got)
	}
	environment := []string{"DALIL_ACCESS_KEYS=" + file}
	if code, _, errs := dalil(t, "", "", environment, "keys", "create", "--name", "prometheus", "--scope", "metrics"); code != 0 || !strings.Contains(errs, "without an end") {
		t.Errorf("create: %d %s", code, errs)
	}
	code, list, _ := dalil(t, "", "", environment, "keys", "list")
	lines := strings.Split(strings.TrimSpace(list), "\n")
	if code != 0 || len(lines) != 2 || !regexp.MustCompile(`^\w{12}  chatbot +live +search,write +news +20\S+ +20\S+$`).MatchString(lines[0]) ||
		!regexp.MustCompile(`^\w{12}  prometheus +live +metrics +- +20\S+ +-$`).MatchString(lines[1]) {
		t.Errorf("list: %d\n%s", code, list)
	}

	code, next, errs := dalil(t, "", "", environment, "keys", "rotate", "chatbot", "--grace", "0s")
	if code != 0 || !keyLine.MatchString(next) || !strings.Contains(errs, "the replaced key "+got.ID+" is revoked") {
		t.Fatalf("rotate: %d %q %s", code, next, errs)
	}
	if _, err := who(t, file, made); access.ReasonOf(err) != access.Revoked {
		t.Errorf("the replaced key: %v", err)
	}
	if p, err := who(t, file, next); err != nil || p.Tenant != "news" {
		t.Errorf("the new key: %+v, %v", p, err)
	}
	if code, out, errs := dalil(t, "", "", environment, "keys", "revoke", "chatbot"); code != 0 || !strings.HasPrefix(out, "revoked key ") {
		t.Errorf("revoke: %d %s%s", code, out, errs)
	}
	if _, err := who(t, file, next); access.ReasonOf(err) != access.Revoked {
		t.Errorf("the revoked key: %v", err)
	}

	code, list, _ = dalil(t, "", "", environment, "keys", "list", "--json")
	var all struct {
		Keys []map[string]any `json:"keys"`
	}
	if err := json.Unmarshal([]byte(list), &all); err != nil || code != 0 || len(all.Keys) != 3 {
		t.Fatalf("list: %d %v\n%s", code, err, list)
	}
	if first := all.Keys[0]; first["state"] != "revoked" || first["tenant"] != "news" || first["sha256"] != nil || first["replaced_by"] != all.Keys[2]["id"] {
		t.Errorf("the first key is %v", first)
	}
}

// A whole key stands for its id, and is never printed again.
func TestAKeyIsRevokedByItsText(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys.json")
	_, made, _ := dalil(t, "", "", nil, "keys", "create", "--keys", file, "--name", "chatbot", "--scope", "search")
	made = strings.TrimSpace(made)
	secret := made[len(made)-49:]
	unknown := "dalil_000000000000_" + secret
	for _, test := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"revoke", unknown}, 1, `there is no key with the id or name "000000000000"`},
		{[]string{"rotate", unknown}, 1, `there is no key with the id or name "000000000000"`},
		{[]string{"revoke", made}, 0, "revoked key "},
		{[]string{"revoke", made}, 1, "is revoked already"},
	} {
		code, out, errs := dalil(t, "", "", nil, append([]string{"keys", "--keys", file}, test.args...)...)
		if code != test.code || !strings.Contains(out+errs, test.want) || !strings.Contains(errs, "its id is enough") || strings.Contains(out+errs, secret) {
			t.Errorf("%s: %d\n%s%s", test.args[0], code, out, errs)
		}
	}
	if _, err := who(t, file, made); access.ReasonOf(err) != access.Revoked {
		t.Errorf("the revoked key: %v", err)
	}
}

// Keys that ended leave the file, and live ones stay.
func TestEndedKeysAreRemoved(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys.json")
	for _, name := range []string{"ended", "live"} {
		if code, _, errs := dalil(t, "", "", nil, "keys", "create", "--keys", file, "--name", name, "--scope", "search"); code != 0 {
			t.Fatal(errs)
		}
	}
	if code, _, errs := dalil(t, "", "", nil, "keys", "revoke", "--keys", file, "ended"); code != 0 {
		t.Fatal(errs)
	}
	for _, c := range []struct {
		keep, removed, left string
	}{{"720h", "", "ended"}, {"0", "of ended", "live"}, {"0", "", "live"}} {
		code, out, errs := dalil(t, "", "", nil, "keys", "prune", "--keys", file, "--keep", c.keep)
		if code != 0 || (out == "") != (c.removed == "") || !strings.Contains(out, c.removed) || strings.Contains(out, "live") {
			t.Errorf("--keep %s: %d\n%s%s", c.keep, code, out, errs)
		}
		_, list, _ := dalil(t, "", "", nil, "keys", "list", "--keys", file)
		if !strings.Contains(list, c.left) || !strings.Contains(list, "live") || c.left == "live" && strings.Contains(list, "ended") {
			t.Errorf("--keep %s leaves\n%s", c.keep, list)
		}
	}
	if code, _, errs := dalil(t, "", "", nil, "keys", "prune", "--keys", file, "--keep", "-1h"); code == 0 {
		t.Errorf("a negative time was accepted: %s", errs)
	}
}

func TestKeysThatCannotBeMade(t *testing.T) {
	dir := t.TempDir()
	file, other := filepath.Join(dir, "keys.json"), filepath.Join(dir, "other.yaml")
	if err := os.WriteFile(other, []byte("data: ./x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := dalil(t, "", "", nil, "keys", "create", "--keys", file, "--name", "taken", "--scope", "search"); code != 0 {
		t.Fatal(errs)
	}
	for _, test := range []struct {
		code int
		args string
		want string
	}{
		{1, "create|--name|a|--scope|search", "there is no file of keys: give --keys FILE"},
		{2, "create|--keys|" + file + "|--scope|search", "--name"},
		{2, "create|--keys|" + file + "|--name|a", "--scope"},
		{1, "create|--keys|" + file + "|--name|a b|--scope|search", "--name: must have only letters"},
		{1, "create|--keys|" + file + "|--name|taken|--scope|search", `--name: "taken" is the name of a live key`},
		{1, "create|--keys|" + file + "|--name|a|--scope|read", "--scope: must be one of search, write, admin, metrics, is \"read\""},
		{1, "create|--keys|" + file + "|--name|a|--scope|search|--tenant|News", "--tenant: must have only a-z"},
		{1, "create|--keys|" + file + "|--name|a|--scope|search|--group|*", `--group: must not be "*"`},
		{1, "create|--keys|" + file + "|--name|a|--scope|search|--filter|{\"in\":{}}", "--filter: filter.in.field: "},
		{1, "create|--keys|" + file + "|--name|a|--scope|search|--filter|x", "--filter: is not valid JSON"},
		{1, "create|--keys|" + file + "|--name|a|--scope|search|--expires|2001-01-01", "--expires: must be in the future, is 2001-01-01T00:00:00Z"},
		{1, "create|--keys|" + file + "|--name|a|--scope|search|--expires=-1h", "--expires: must be in the future"},
		{1, "create|--keys|" + file + "|--name|a|--scope|search|--expires|soon", "--expires: must be a time from now, such as 90d"},
		{1, "create|--keys|" + file + "|--name|a|--scope|search|--expires|999999w", "--expires: must be a time from now, such as 90d"},
		{1, "create|--keys|" + file + "|--name|a|--scope|search|--requests-per-second=-1", "--requests-per-second: must be 0"},
		{1, "create|--keys|" + file + "|--name|a|--scope|search|--streams=-1", "--streams: must be 0"},
		{2, "create|--keys|" + file + "|--name|a|--scope|search|--streams|many", "--streams: must be a whole number"},
		{1, "create|--keys|" + filepath.Join(dir, "none", "keys.json") + "|--name|a|--scope|search", "its folder does not exist"},
		{1, "create|--keys|" + other + "|--name|a|--scope|search", "is not a file of API keys"},
		{1, "list|--keys|" + other, "is not a file of API keys"},
		{1, "list|--keys|" + filepath.Join(dir, "none.json"), "no such file"},
		{1, "list|--keys|" + dir, "is a folder"},
		{1, "revoke|nobody|--keys|" + file, `there is no key with the id or name "nobody"`},
		{1, "revoke|nobody|--keys|" + filepath.Join(dir, "none.json"), "no such file"},
		{1, "rotate|nobody|--keys|" + file, `there is no key with the id or name "nobody"`},
		{1, "rotate|taken|--grace=-1h|--keys|" + file, "--grace: must not be negative"},
	} {
		code, out, errs := dalil(t, "", "", nil, append([]string{"keys"}, strings.Split(test.args, "|")...)...)
		if code != test.code || out != "" || !strings.Contains(errs, test.want) {
			t.Errorf("%s: exit %d, %q, %s; want %d, %s", test.args, code, out, errs, test.code, test.want)
		}
	}
	if all, err := keys.Read(file); err != nil || len(all) != 1 {
		t.Errorf("%d keys, %v", len(all), err)
	}
	if raw, err := os.ReadFile(other); err != nil || string(raw) != "data: ./x\n" {
		t.Errorf("the other file is %q, %v", raw, err)
	}
}

// closed is an output that nobody reads.
type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// A key that could not be printed is revoked.
func TestAKeyThatNobodySaw(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys.json")
	var errs shared
	code := run(t.Context(), []string{"keys", "create", "--keys", file, "--name", "a", "--scope", "search"}, streams{out: closed{}, err: &errs})
	all, err := keys.Read(file)
	if code != 1 || !strings.Contains(errs.String(), "could not be printed") || err != nil || len(all) != 1 || all[0].Revoked == nil {
		t.Errorf("exit %d, %s, %v, %v", code, errs.String(), all, err)
	}
}
