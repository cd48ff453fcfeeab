package serving_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"dalil/access/keys"
	"dalil/internal/config"
	"dalil/internal/observe"
	"dalil/internal/serving"
	dalilv1 "dalil/proto/dalil/v1"
)

// Servers with one key of page tokens accept each other's tokens; others do not.
func TestPageTokensOfSeveralServers(t *testing.T) {
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	c := onLoopback()
	c.Access.Keys = filepath.Join(folder, "keys.json")
	_, key, err := keys.Create(c.Access.Keys, keys.Key{Name: "reader", Scopes: []string{"search"}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	shared, other := c, c
	shared.Access.PageTokenKey = file("one.key", strings.Repeat("k", 32)+"\n")
	other.Access.PageTokenKey = file("other.key", strings.Repeat("o", 32))
	ask := func(c config.Config, token string) (*dalilv1.SearchResponse, error) {
		t.Helper()
		connection, err := grpc.NewClient(serve(t, c, false).GRPC, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		ctx := metadata.AppendToOutgoingContext(t.Context(), "x-api-key", key)
		return dalilv1.NewSearchServiceClient(connection).Search(ctx, &dalilv1.SearchRequest{Query: "pages", PageToken: token})
	}
	first, err := ask(shared, "")
	token := first.GetNextPageToken()
	if err != nil || token == "" {
		t.Fatalf("the first page: token %q, %v", token, err)
	}
	if _, err := ask(shared, token); err != nil {
		t.Errorf("another server with the key: %v", err)
	}
	for name, c := range map[string]config.Config{"another key": other, "no key": c} {
		if _, err := ask(c, token); status.Code(err) != codes.InvalidArgument {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPageTokenKeysThatCannotBeUsed(t *testing.T) {
	folder := t.TempDir()
	for text, want := range map[string]string{
		"": "at least 32", strings.Repeat("secret", 5) + "a\n": "has 31 bytes", strings.Repeat("a", 5000): "more than 4096 bytes", "-": "there is no file",
	} {
		c := onLoopback()
		c.Access.PageTokenKey = filepath.Join(folder, "page.key")
		if text == "-" {
			c.Access.PageTokenKey += "s"
		} else if err := os.WriteFile(c.Access.PageTokenKey, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		m := observe.New(observe.ReadBuild())
		_, err := serving.Open(c, slog.New(slog.DiscardHandler), m, serving.NewUsage(c.Limits, m), false)
		if err == nil || !strings.Contains(err.Error(), "access.page_token_key") || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("a key of %d bytes: %v, want %q", len(text), err, want)
		}
	}
}

func TestAPageTokenKeyThatOthersCanRead(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the mode of a file shows no rights")
	}
	for mode, want := range map[os.FileMode]bool{0o600: false, 0o640: false, 0o644: true, 0o620: true} {
		c := onLoopback()
		c.Access.PageTokenKey = filepath.Join(t.TempDir(), "page.key")
		if err := os.WriteFile(c.Access.PageTokenKey, []byte(strings.Repeat("k", 32)), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(c.Access.PageTokenKey, mode); err != nil {
			t.Fatal(err)
		}
		var lines bytes.Buffer
		m := observe.New(observe.ReadBuild())
		f, err := serving.Open(c, slog.New(slog.NewTextHandler(&lines, nil)), m, serving.NewUsage(c.Limits, m), false)
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
		if got := strings.Contains(lines.String(), "access.page_token_key"); got != want {
			t.Errorf("mode %04o: warned %v, want %v", mode, got, want)
		}
	}
}
