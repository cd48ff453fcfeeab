// Package endpoint is what all providers behind HTTP share: one call that sends
// JSON and reads JSON, within bounds, and says of every failure what kind it is.
// Start with [New].
package endpoint

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dalil/corpus"
	"dalil/embedder"
)

// Options say where the provider is. URL is needed.
type Options struct {
	// URL is what paths are below: http, https, or unix:/PATH for a socket on
	// this machine, which is asked below /v1.
	URL           string
	Key           string        // sent as a bearer token; empty: none is sent
	Timeout       time.Duration // of one call; 0: 60 s
	MaxReplyBytes int64         // 0: 64 MiB
	// Private allows a host name that stands for a private, loopback or
	// link-local address. Without it such an address is dialled only where the
	// URL itself says it, or localhost.
	Private bool
	// Client makes the calls; nil: one of its own with bounded connections. Its
	// redirect policy is replaced: a redirect to another host is refused.
	Client *http.Client
}

// Client calls one provider.
type Client struct {
	options Options
	base    *url.URL
	client  *http.Client
}

// New checks the options; it does not call.
func New(options Options) (*Client, error) {
	base, err := url.Parse(options.URL)
	switch {
	case err != nil:
		return nil, corpus.Invalid("url", err.Error())
	case base.Scheme == "unix" && base.Host == "" && strings.HasPrefix(base.Path, "/"):
		options.Client, base = socketClient(base.Path), &url.URL{Scheme: "http", Host: "socket", Path: "/v1"}
	case base.Scheme != "http" && base.Scheme != "https" || base.Host == "":
		return nil, corpus.Invalid("url", fmt.Sprintf("%q is no http or https address, and no unix:/PATH", options.URL))
	case base.User != nil:
		return nil, corpus.Invalid("url", "must not hold a password; use the key")
	}
	if options.Timeout <= 0 {
		options.Timeout = time.Minute
	}
	if options.MaxReplyBytes <= 0 {
		options.MaxReplyBytes = 64 << 20
	}
	if options.Client == nil {
		options.Client = networkClient(options.Private || named(base.Hostname()))
	}
	return &Client{options: options, base: base, client: withinOneHost(options.Client)}, nil
}

// withinOneHost follows redirects within one host only: a key must not travel to
// a stranger.
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

var errTimeout = fmt.Errorf("%w: the endpoint took too long", corpus.ErrUnavailable)

// Get reads the JSON below path into answer.
func (c *Client) Get(ctx context.Context, path string, answer any) error {
	return c.call(ctx, http.MethodGet, path, nil, answer)
}

// Post sends question as JSON below path and reads the JSON of the reply into
// answer. Errors wrap corpus.ErrUnavailable where trying again can help,
// embedder.LimitedError where the provider says when, corpus.ErrInvalid where
// the question is at fault and embedder.ErrRefused otherwise; none shows the key.
func (c *Client) Post(ctx context.Context, path string, question, answer any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return err
	}
	return c.call(ctx, http.MethodPost, path, body, answer)
}

func (c *Client) call(ctx context.Context, method, path string, body []byte, answer any) error {
	ctx, cancel := context.WithTimeoutCause(ctx, c.options.Timeout, errTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, c.base.JoinPath(path).String(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "application/json")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.options.Key != "" {
		request.Header.Set("Authorization", "Bearer "+c.options.Key)
	}
	response, err := c.client.Do(request)
	if err != nil {
		return c.broken(ctx, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return c.refused(response)
	}
	limited := &io.LimitedReader{R: response.Body, N: c.options.MaxReplyBytes}
	if err := json.NewDecoder(limited).Decode(answer); err != nil {
		if limited.N <= 0 {
			return fmt.Errorf("%w: the reply is larger than %d bytes", corpus.ErrUnavailable, c.options.MaxReplyBytes)
		}
		return c.broken(ctx, fmt.Errorf("read the reply of %s: %w", request.URL, err))
	}
	return nil
}

// broken is a call that got no reply. The caller's own end wins over whatever
// the transport says.
func (c *Client) broken(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return fmt.Errorf("%w: %s", corpus.ErrUnavailable, c.masked(err.Error()))
}

// refused is a reply that is no answer.
func (c *Client) refused(response *http.Response) error {
	text, _ := io.ReadAll(io.LimitReader(response.Body, 1<<16)) // best effort: the status already says that it failed
	said := fmt.Sprintf("%s said %s: %s", response.Request.URL.Host, response.Status, clip(c.masked(string(text))))
	switch code := response.StatusCode; {
	case code == http.StatusTooManyRequests:
		return &embedder.LimitedError{RetryAfter: retryAfter(response.Header), Err: errors.New(said)}
	case code == http.StatusRequestEntityTooLarge, code == http.StatusBadRequest, code == http.StatusUnprocessableEntity:
		return fmt.Errorf("%w: %s", corpus.ErrInvalid, said)
	case code == http.StatusRequestTimeout, code >= 500:
		return fmt.Errorf("%w: %s", corpus.ErrUnavailable, said)
	}
	return fmt.Errorf("%w: %s", embedder.ErrRefused, said)
}

// masked keeps the key out of errors, whatever an endpoint echoes.
func (c *Client) masked(s string) string {
	if c.options.Key == "" {
		return s
	}
	key := c.options.Key
	quoted, _ := json.Marshal(key) // a string always marshals
	for _, form := range []string{
		key, strings.Trim(string(quoted), `"`), strings.ReplaceAll(key, "/", `\/`), url.QueryEscape(key), url.PathEscape(key), html.EscapeString(key),
	} {
		s = strings.ReplaceAll(s, form, "(key)")
	}
	return s
}

// shown is how much of what an endpoint says stands in an error, in letters.
const shown = 400

// clip makes one line of what an endpoint says, and of a page its beginning.
func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if letters := []rune(s); len(letters) > shown {
		return string(letters[:shown]) + "…"
	}
	return s
}

// retryAfter reads RFC 9110 §10.2.3, both forms; 0 where it says nothing.
func retryAfter(h http.Header) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds > 0 {
		return time.Duration(math.Min(seconds, 3600) * float64(time.Second))
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(min(time.Until(at), time.Hour), 0)
	}
	return 0
}
