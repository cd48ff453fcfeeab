package endpoint

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"dalil/corpus"
)

// The address of the proxy itself is not checked, because the proxy is configured.
// The address of the target is checked: the host name in the URL is resolved on
// this machine, and a private address is refused as without a proxy. A name that
// this machine cannot resolve, which is common with proxies, is passed to the
// proxy.

// proxyFor returns the transport's Proxy function.
func proxyFor(proxy *url.URL, guarded bool) func(*http.Request) (*url.URL, error) {
	return func(r *http.Request) (*url.URL, error) {
		if !guarded {
			return proxy, nil
		}
		found, err := net.DefaultResolver.LookupNetIP(r.Context(), "ip", r.URL.Hostname())
		if err != nil {
			return proxy, nil // this machine cannot resolve it; the proxy may
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
	return corpus.Errorf(kind, "the proxy %s answered %s; check embedder.proxy", proxy.Host, response.Status)
}

// checkProxy returns an error for a proxy that cannot be used.
func checkProxy(proxy *url.URL) error {
	switch proxy.Scheme {
	case "http", "https", "socks5", "socks5h":
		return nil
	}
	return corpus.Invalid("proxy", fmt.Sprintf("%q must begin with http://, https:// or socks5://", proxy.Redacted()))
}
