package endpoint_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"dalil/corpus"
	"dalil/embedder/embedtest"
	"dalil/embedder/endpoint"
)

// TestMain names a proxy that nobody serves, before net/http reads the
// environment, which it does once.
func TestMain(m *testing.M) {
	os.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	os.Exit(m.Run())
}

// startProxy serves as a forward proxy on loopback that answers by itself, and
// counts what it is asked.
func startProxy(t *testing.T) (*url.URL, *atomic.Int32) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.Method == http.MethodConnect {
			http.Error(w, "who are you?", http.StatusProxyAuthRequired)
			return
		}
		_, _ = w.Write([]byte(`"` + r.URL.Host + r.URL.Path + `"`))
	}))
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u, &asked
}

func through(proxy *url.URL) func(*url.URL) (*url.URL, error) {
	return func(*url.URL) (*url.URL, error) { return proxy, nil }
}

// A proxy may have any address; what is asked for through it is guarded as it is
// without one.
func TestProxies(t *testing.T) {
	proxy, asked := startProxy(t)
	const public, inside = "http://public.example.org/v1", "http://inside.example.org/v1"
	resolveAll(t, [4]byte{93, 184, 216, 34})
	answer, err := ask(t, endpoint.Options{URL: public, Proxy: through(proxy)})
	if err != nil || answer != "public.example.org/v1/embeddings" || asked.Load() != 1 {
		t.Errorf("through a proxy on loopback: %q, %v, want its answer", answer, err)
	}
	resolveAll(t, [4]byte{10, 0, 0, 7})
	_, err = ask(t, endpoint.Options{URL: inside, Proxy: through(proxy)})
	if !errors.Is(err, corpus.ErrDenied) || !strings.Contains(err.Error(), "10.0.0.7") || !strings.Contains(err.Error(), "embedder.private") || asked.Load() != 1 {
		t.Errorf("a private address behind a proxy, asked %d times: %v, want it refused here", asked.Load()-1, err)
	}
	embedtest.Kind(t, err)
	if answer, err := ask(t, endpoint.Options{URL: inside, Proxy: through(proxy), Private: true}); err != nil || answer == "" {
		t.Errorf("a private address that is allowed: %q, %v", answer, err)
	}
}

func TestProxiesThatDoNotWork(t *testing.T) {
	proxy, _ := startProxy(t)
	resolveAll(t, [4]byte{93, 184, 216, 34})
	_, err := ask(t, endpoint.Options{URL: "https://public.example.org/v1", Proxy: through(proxy)})
	if !errors.Is(err, corpus.ErrDenied) || !strings.Contains(err.Error(), proxy.Host) || !strings.Contains(err.Error(), "407") {
		t.Errorf("a proxy that wants a password: %v, want it denied by name", err)
	}
	embedtest.Kind(t, err)
	gone, err := url.Parse("http://user:canary-pw@127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	_, err = ask(t, endpoint.Options{URL: "http://public.example.org/v1", Proxy: through(gone)})
	if !errors.Is(err, corpus.ErrUnavailable) || !strings.Contains(err.Error(), "through the proxy 127.0.0.1:1") || strings.Contains(err.Error(), "canary-pw") {
		t.Errorf("a proxy that is down: %v, want it named, without the password", err)
	}
	embedtest.Kind(t, err)
	_, err = ask(t, endpoint.Options{URL: "http://public.example.org/v1", Proxy: through(&url.URL{Scheme: "ftp", Host: "x"})})
	if !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), "proxy") {
		t.Errorf("a proxy of another kind: %v", err)
	}
}

// Nothing is taken from the environment that Options.Proxy does not say.
func TestTheEnvironmentsProxyIsNotInherited(t *testing.T) {
	server := httptest.NewServer(path)
	t.Cleanup(server.Close)
	resolveAll(t, [4]byte{127, 0, 0, 1})
	if answer, err := ask(t, endpoint.Options{URL: "http://models.example.org:" + strings.Split(server.Listener.Addr().String(), ":")[1], Private: true}); err != nil || answer != "/embeddings" {
		t.Errorf("got %q, %v, want an answer without the proxy", answer, err)
	}
}
