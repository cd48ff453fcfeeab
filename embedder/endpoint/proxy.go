package endpoint

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"dalil/corpus"
)

// A proxy is asked on purpose, so its own address is not looked at, whatever it
// is. What it is asked for is: the name in the URL is resolved here first, and a
// private address is refused as it would be without a proxy. A name that cannot
// be resolved here, as behind many proxies, is left to the proxy.

// proxyFor returns the transport's Proxy function.
func proxyFor(proxy *url.URL, guarded bool) func(*http.Request) (*url.URL, error) {
	return func(r *http.Request) (*url.URL, error) {
		if !guarded {
			return proxy, nil
		}
		found, err := net.DefaultResolver.LookupNetIP(r.Context(), "ip", r.URL.Hostname())
		if err != nil {
			return proxy, nil // it does not resolve here; the proxy may resolve it
		}
		for _, ip := range found {
			if err := refuseInside(ip); err != nil {
				return nil, err
			}
		}
		return proxy, nil
	}
}

// proxyAnswered is called with a proxy's answer to CONNECT.
func proxyAnswered(_ context.Context, proxy *url.URL, _ *http.Request, response *http.Response) error {
	if response.StatusCode == http.StatusOK {
		return nil
	}
	kind := corpus.ErrUnavailable
	if response.StatusCode < 500 {
		kind = corpus.ErrDenied
	}
	return corpus.Errorf(kind, "the proxy %s said %s; see embedder.proxy", proxy.Host, response.Status)
}

// checkProxy refuses a proxy that cannot be used.
func checkProxy(proxy *url.URL) error {
	switch proxy.Scheme {
	case "http", "https", "socks5", "socks5h":
		return nil
	}
	return corpus.Invalid("proxy", fmt.Sprintf("%q must begin with http://, https:// or socks5://", proxy.Redacted()))
}
