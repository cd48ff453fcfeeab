// Package endpoint has what all HTTP providers share: a call that sends and reads
// JSON within limits, and gives every failure its kind. Start with [New].
package endpoint

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"dalil/corpus"
	"dalil/embedder"
)

// Options has the provider's address and settings. URL is required.
type Options struct {
	// URL is the prefix of paths: http, https, or unix:/PATH for a socket on this
	// machine, whose paths are below /v1.
	URL           string
	Key           string        // sent as a bearer token; empty: no token is sent
	Timeout       time.Duration // of one call; 0: 60 s
	MaxReplyBytes int64         // 0: 64 MiB
	// Private allows a host name that resolves to a private, loopback or link-local
	// address. Without it, such an address is called only if the URL contains the
	// address itself or localhost.
	Private bool
	// Headers are sent with every call, in addition to those of the client itself.
	// Errors do not contain their values.
	Headers map[string]string
	// Proxy returns the proxy for the URL; nil, or a nil result: no proxy. The
	// proxy may have any address. Private applies to the host behind it.
	Proxy func(*url.URL) (*url.URL, error)
	// Client makes the calls; nil: a client with a limited number of connections.
	// Its redirect policy is replaced: a redirect to another host is refused.
	Client *http.Client
}

// Client makes calls to one provider.
type Client struct {
	options Options
	base    *url.URL
	proxy   *url.URL // nil: none
	client  *http.Client
}

// New checks the options. It makes no call.
func New(options Options) (*Client, error) {
	base, err := url.Parse(options.URL)
	switch {
	case err != nil:
		return nil, corpus.Invalid("url", "is not a URL: "+reason(err))
	case base.Scheme == "unix" && base.Host == "" && strings.HasPrefix(base.Path, "/"):
		options.Client, base = socketClient(base.Path), &url.URL{Scheme: "http", Host: "socket", Path: "/v1"}
		options.Proxy = nil
	case base.Scheme != "http" && base.Scheme != "https" || base.Host == "":
		return nil, corpus.Invalid("url", fmt.Sprintf("%q must begin with http:// or https:// and a host, or be unix:/PATH", base.Redacted()))
	case base.User != nil:
		return nil, corpus.Invalid("url", "must not contain a password; use the key")
	}
	if options.Timeout <= 0 {
		options.Timeout = time.Minute
	}
	if options.MaxReplyBytes <= 0 {
		options.MaxReplyBytes = 64 << 20
	}
	var proxy *url.URL
	if options.Proxy != nil && options.Client == nil {
		if proxy, err = options.Proxy(base); err != nil {
			return nil, corpus.Invalid("proxy", reason(err))
		}
	}
	if proxy != nil {
		if err := checkProxy(proxy); err != nil {
			return nil, err
		}
	}
	if options.Client == nil {
		options.Client = networkClient(!options.Private && !named(base.Hostname()), proxy)
	}
	return &Client{options: options, base: base, proxy: proxy, client: withinOneHost(options.Client)}, nil
}

// reason returns the text of an error without the address that net/url repeats,
// which may contain a password.
func reason(err error) string {
	var parse *url.Error
	if errors.As(err, &parse) {
		err = parse.Err
	}
	return err.Error()
}

// withinOneHost follows redirects to the same host only, because a key must not be
// sent to another one.
func withinOneHost(given *http.Client) *http.Client {
	c := *given
	c.CheckRedirect = func(next *http.Request, via []*http.Request) error {
		if next.URL.Host != via[0].URL.Host || next.URL.Scheme != via[0].URL.Scheme {
			return fmt.Errorf("refused a redirect from %s to %s", via[0].URL.Host, next.URL.Host)
		}
		if len(via) > 3 {
			return fmt.Errorf("gave up after %d redirects", len(via))
		}
		return nil
	}
	return &c
}

// Get requests path and reads the JSON of the reply into answer.
func (c *Client) Get(ctx context.Context, path string, answer any) error {
	return c.call(ctx, http.MethodGet, path, nil, answer)
}

// Post sends question as JSON to path and reads the JSON of the reply into answer.
// Every error has a kind: corpus.ErrUnavailable if trying again can help, with
// [embedder.ErrTimeout] if Options.Timeout ended the call; corpus.ErrExhausted, as
// an embedder.LimitedError, if the provider limits calls; corpus.ErrInvalid if the
// question is the cause; corpus.ErrDenied if an operator must act. No error
// contains the key or the value of a header.
func (c *Client) Post(ctx context.Context, path string, question, answer any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return &corpus.Error{Kind: corpus.ErrInternal, Op: "encode the question", Cause: corpus.Foreign(err)}
	}
	return c.call(ctx, http.MethodPost, path, body, answer)
}

func (c *Client) call(ctx context.Context, method, path string, body []byte, answer any) error {
	timeout := corpus.Errorf(corpus.ErrUnavailable, "%s: %w: no answer within %v (embedder.timeout)", c.base.Host, embedder.ErrTimeout, c.options.Timeout)
	ctx, cancel := context.WithTimeoutCause(ctx, c.options.Timeout, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, c.base.JoinPath(path).String(), bytes.NewReader(body))
	if err != nil {
		return corpus.Errorf(corpus.ErrInvalid, "%s", c.masked(reason(err)))
	}
	c.dress(request, body != nil)
	response, err := c.client.Do(request)
	if err != nil {
		return c.broken(ctx, err)
	}
	defer response.Body.Close()
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return c.refused(response)
	}
	limited := &io.LimitedReader{R: response.Body, N: c.options.MaxReplyBytes}
	reply, err := io.ReadAll(limited)
	switch {
	case limited.N <= 0:
		return corpus.Errorf(corpus.ErrUnavailable, "%s: the reply is larger than %d bytes", c.base.Host, c.options.MaxReplyBytes)
	case err != nil:
		return c.broken(ctx, fmt.Errorf("read the reply of %s: %w", request.URL.Redacted(), err))
	}
	return c.read(request.URL, reply, answer)
}

// dress sets the headers.
func (c *Client) dress(request *http.Request, body bool) {
	request.Header.Set("Accept", "application/json")
	if body {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.options.Key != "" {
		request.Header.Set("Authorization", "Bearer "+c.options.Key)
	}
	for name, value := range c.options.Headers {
		request.Header.Set(name, value)
	}
}

// broken returns the error of a call without a reply. If the caller's context
// ended, that is the error, whatever the transport reports.
func (c *Client) broken(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	kind := corpus.ErrUnavailable
	var own *corpus.Error
	if errors.As(err, &own) {
		kind = own.Kind
	}
	text := c.masked(err.Error())
	if c.proxy != nil && own == nil {
		text += fmt.Sprintf(" (through the proxy %s, see embedder.proxy)", c.proxy.Host)
	}
	return corpus.Errorf(kind, "%s", text)
}

// masked removes the key from a text that the endpoint returned.
func (c *Client) masked(s string) string {
	s = masked(s, c.options.Key)
	for _, value := range c.options.Headers {
		if len(value) >= leastSecret {
			s = masked(s, value)
		}
	}
	if c.proxy != nil {
		password, _ := c.proxy.User.Password()
		s = masked(s, password)
	}
	return s
}

// leastSecret is the length from which on the value of a header is masked. Shorter
// values, such as "1", occur in ordinary text.
const leastSecret = 6

func masked(s, key string) string {
	if key == "" {
		return s
	}
	quoted, _ := json.Marshal(key) // a string always marshals
	for _, form := range []string{
		key, strings.Trim(string(quoted), `"`), strings.ReplaceAll(key, "/", `\/`), url.QueryEscape(key), url.PathEscape(key), html.EscapeString(key),
	} {
		s = strings.ReplaceAll(s, form, "(key)")
	}
	return s
}
