package config

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"

	"golang.org/x/net/http/httpproxy"
)

// Proxy says how to reach a provider. "environment" uses HTTPS_PROXY, HTTP_PROXY
// and NO_PROXY, except for private and loopback addresses, which are called
// directly. "none" or "" uses no proxy. Anything else is the address of a proxy,
// whose password is never shown.
type Proxy string

const (
	proxyEnvironment = "environment"
	proxyNone        = "none"
	hiddenPassword   = "xxxxx" // as net/url redacts it
)

// For returns the proxy for a provider's address, or nil for none.
func (p Proxy) For(provider *url.URL) (*url.URL, error) {
	switch p {
	case proxyNone, "":
		return nil, nil
	case proxyEnvironment:
		if ip, err := netip.ParseAddr(provider.Hostname()); err == nil && (ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast()) {
			return nil, nil
		}
		proxy, err := httpproxy.FromEnvironment().ProxyFunc()(provider)
		if err != nil { // its text may contain a password
			return nil, errors.New("the environment variable HTTPS_PROXY or HTTP_PROXY is not a valid address of a proxy")
		}
		return proxy, nil
	}
	return url.Parse(string(p))
}

func (p Proxy) String() string {
	if u, err := url.Parse(string(p)); err == nil {
		return u.Redacted()
	}
	return "(hidden)"
}

// MarshalText returns the address without its password, so that no encoder prints it.
func (p Proxy) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

func (p Proxy) validate(key string) error {
	switch p {
	case "", proxyEnvironment, proxyNone:
		return nil
	}
	u, err := url.Parse(string(p))
	if err != nil || u.Host == "" {
		return fmt.Errorf("%s: must be environment, none or the address of a proxy such as http://proxy:3128", key)
	}
	if password, _ := u.User.Password(); password == hiddenPassword {
		return fmt.Errorf("%s: the password is hidden, as in a printed configuration; set the real one", key)
	}
	return nil
}
