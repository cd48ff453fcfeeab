package serving_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"dalil/access/keys"
	"dalil/corpus"
	"dalil/internal/config"
	"dalil/internal/observe"
	"dalil/internal/serving"
	dalilv1 "dalil/proto/dalil/v1"
)

// newKeys returns a file of keys, and the texts of the keys by their scope.
func newKeys(t *testing.T) (path string, texts map[string]string) {
	t.Helper()
	path, texts = filepath.Join(t.TempDir(), "keys.json"), map[string]string{}
	for _, scope := range []string{"search", "write", "admin", "metrics"} {
		_, text, err := keys.Create(path, keys.Key{Name: scope, Scopes: []string{scope}}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		texts[scope] = text
	}
	return path, texts
}

// With a file of keys, every listener asks for a key, and the admin port on loopback
// does not.
func TestEveryListenerAsksForAKey(t *testing.T) {
	path, key := newKeys(t)
	c := onLoopback()
	c.Access.Keys = path
	at := serve(t, c, false)
	connection, err := grpc.NewClient("passthrough:///"+at.GRPC, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	defer http.DefaultClient.CloseIdleConnections()
	search := func(ctx context.Context) codes.Code {
		_, err := dalilv1.NewSearchServiceClient(connection).Search(ctx, &dalilv1.SearchRequest{Query: "q"})
		return status.Code(err)
	}
	for text, want := range map[string]struct {
		code codes.Code
		http int
	}{
		"": {codes.Unauthenticated, 401}, "x": {codes.Unauthenticated, 401}, key["search"]: {codes.OK, 200}, key["write"]: {codes.PermissionDenied, 403},
		key["metrics"]: {codes.PermissionDenied, 403}, key["admin"]: {codes.OK, 200},
	} {
		ctx, header := t.Context(), []string(nil)
		if text != "" {
			ctx, header = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+text), []string{"X-Api-Key", text}
		}
		if code := search(ctx); code != want.code {
			t.Errorf("gRPC with %.12q: %v", text, code)
		}
		if status, _, body, err := fetch(http.DefaultClient, "GET", "http://"+at.HTTP+"/v1/search?q=a", "", header...); err != nil || status != want.http {
			t.Errorf("HTTP with %.12q: %d %s %v", text, status, body, err)
		}
	}
	if status, _, body, err := fetch(http.DefaultClient, "GET", "http://"+at.Admin+"/metrics", ""); err != nil || status != 200 {
		t.Errorf("metrics on loopback: %d %s %v", status, body, err)
	}
	if _, _, body, err := fetch(http.DefaultClient, "GET", "http://"+at.Admin+"/readyz", ""); err != nil || !strings.Contains(body, reason) {
		t.Errorf("the reason on loopback: %s %v", body, err)
	}
	if _, err := keys.Revoke(path, "search", time.Now()); err != nil {
		t.Fatal(err)
	}
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+key["search"])
	for deadline := time.Now().Add(10 * time.Second); search(ctx) != codes.Unauthenticated; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("a revoked key is accepted")
		}
	}
}

// Beyond loopback, the admin port shows strangers only whether the server is ready.
func TestTheAdminPortBeyondLoopback(t *testing.T) {
	path, key := newKeys(t)
	for name, setting := range map[string]string{"by default": "auto", "open metrics": "on"} {
		c := onLoopback()
		c.Access.Keys, c.Server.Metrics = path, setting
		c.Audit = config.Audit{File: filepath.Join(t.TempDir(), "audit.jsonl"), Required: true}
		at := serve(t, c, true)
		for _, test := range []struct {
			path, scope string
			status      int
			says        string
			hides       string
		}{
			{"/healthz", "", 200, "ok", ""},
			{"/readyz", "", 503, "not ready", "10.0.0.7"},
			{"/readyz", "search", 503, "not ready", "10.0.0.7"},
			{"/readyz", "metrics", 503, reason, ""},
			{"/metrics", "", map[string]int{"auto": 401, "on": 200}[setting], "", ""},
			{"/metrics", "search", map[string]int{"auto": 403, "on": 200}[setting], "", ""},
			{"/metrics", "metrics", 200, "dalil_build_info", ""},
			{"/metrics", "admin", 200, "dalil_build_info", ""},
			{"/debug/pprof/", "", 401, "", "goroutine"},
			{"/debug/pprof/", "metrics", 403, "", "goroutine"},
			{"/debug/pprof/", "admin", 200, "goroutine", ""},
			{"/", "", 200, "admin port", ""},
		} {
			var header []string
			before := refusals(t, at.Admin, key["metrics"])
			if test.scope != "" {
				header = []string{"Authorization", "Bearer " + key[test.scope]}
			}
			status, h, body, err := fetch(http.DefaultClient, "GET", "http://"+at.Admin+test.path, "", header...)
			if err != nil || status != test.status || !strings.Contains(body, test.says) || test.hides != "" && strings.Contains(body, test.hides) {
				t.Errorf("%s: %s with %q: %d %.200s %v", name, test.path, test.scope, status, body, err)
			}
			if counted := refusals(t, at.Admin, key["metrics"]) != before; test.scope == "" && counted != (status == 401) {
				t.Errorf("%s: %s without a key is counted as a refusal: %v", name, test.path, counted)
			}
			if (status == 401 || status == 403) != strings.HasPrefix(h.Get("WWW-Authenticate"), "Bearer realm=") {
				t.Errorf("%s: %s with %q: WWW-Authenticate %q", name, test.path, test.scope, h.Get("WWW-Authenticate"))
			}
		}
		const profile = `"principal":"admin"`                                                   // the only call of this key that is recorded
		for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) { // records are written in the background
			raw, err := os.ReadFile(c.Audit.File)
			if n := strings.Count(string(raw), profile); n == 1 && strings.Contains(string(raw), `"method":"profile"`) {
				break
			} else if n > 1 || time.Now().After(deadline) {
				t.Fatalf("%s: the audit log has %d records of the administrator, want that of a profile: %v\n%s", name, n, err, raw)
			}
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

// refusals returns the lines of the metrics that count refusals.
func refusals(t *testing.T, admin, key string) string {
	t.Helper()
	_, _, metrics, err := fetch(http.DefaultClient, "GET", "http://"+admin+"/metrics", "", "X-Api-Key", key)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(metrics) {
		if strings.HasPrefix(line, "dalil_access_refusals_total") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

// A server whose keys or certificates cannot be read does not start.
func TestNothingStartsWithoutItsFiles(t *testing.T) {
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken")
	if err := os.WriteFile(broken, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(dir, "missing")
	for name, c := range map[string]struct {
		change func(*config.Config)
		says   []string
	}{
		"no keys":        {func(c *config.Config) { c.Access.Keys = missing }, []string{"access.keys", missing}},
		"broken keys":    {func(c *config.Config) { c.Access.Keys = broken }, []string{"access.keys", broken}},
		"no certificate": {func(c *config.Config) { c.TLS.Certificate, c.TLS.Key = missing, missing }, []string{missing}},
		"no certificate beside keys": {func(c *config.Config) {
			c.Access.Keys, _ = newKeys(t)
			c.TLS.Certificate, c.TLS.Key = broken, broken
		}, []string{broken}},
	} {
		settings := onLoopback()
		c.change(&settings)
		front, err := serving.Open(settings, slog.New(slog.DiscardHandler), observe.New(observe.ReadBuild()), nil, false)
		if err == nil {
			front.Close()
			t.Errorf("%s: it starts", name)
			continue
		}
		for _, says := range c.says {
			if !strings.Contains(err.Error(), says) {
				t.Errorf("%s: the error does not name %s: %v", name, says, err)
			}
		}
		if corpus.KindOf(err) == "" && !errors.Is(err, corpus.ErrInvalid) {
			t.Errorf("%s: the error has no kind: %v", name, err)
		}
	}
}
