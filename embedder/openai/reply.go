package openai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dalil/corpus"
	"dalil/embedder"
)

var errTimeout = fmt.Errorf("%w: the endpoint took too long", corpus.ErrUnavailable)

// call sends one request and reads its reply, or tells what kind of failure
// it was.
func (e *Embedder) call(ctx context.Context, inputs []string) (answer, error) {
	request, err := e.request(ctx, inputs)
	if err != nil {
		return answer{}, err
	}
	response, err := e.client.Do(request)
	if err != nil {
		return answer{}, e.broken(ctx, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return answer{}, e.refused(response)
	}
	var a answer
	limited := &io.LimitedReader{R: response.Body, N: e.options.MaxReplyBytes}
	if err := json.NewDecoder(limited).Decode(&a); err != nil {
		if limited.N <= 0 {
			return answer{}, fmt.Errorf("%w: the reply is larger than %d bytes", corpus.ErrUnavailable, e.options.MaxReplyBytes)
		}
		return answer{}, e.broken(ctx, fmt.Errorf("read the reply: %w", err))
	}
	return a, nil
}

// broken is a call that got no reply. The caller's own end wins over whatever
// the transport says.
func (e *Embedder) broken(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return fmt.Errorf("%w: %s", corpus.ErrUnavailable, e.masked(err.Error()))
}

// refused is a reply that is no answer.
func (e *Embedder) refused(response *http.Response) error {
	text, _ := io.ReadAll(io.LimitReader(response.Body, 2048)) // best effort: the status already says that it failed
	said := fmt.Sprintf("%s said %s: %s", response.Request.URL.Host, response.Status, strings.TrimSpace(e.masked(string(text))))
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
func (e *Embedder) masked(s string) string {
	if e.options.Key == "" {
		return s
	}
	return strings.ReplaceAll(s, e.options.Key, "(key)")
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

// vectors puts the reply in the order of the texts: an endpoint may answer in
// another one and tells it by index.
func (e *Embedder) vectors(a answer, n int) ([]corpus.Vector, error) {
	if len(a.Data) != n {
		return nil, fmt.Errorf("%w: the reply has %d vectors for %d texts", corpus.ErrUnavailable, len(a.Data), n)
	}
	vectors := make([]corpus.Vector, n)
	for i, d := range a.Data {
		at := i
		if d.Index != nil {
			at = *d.Index
		}
		if at < 0 || at >= n || vectors[at] != nil {
			return nil, fmt.Errorf("%w: the reply has index %d twice or out of range", corpus.ErrUnavailable, at)
		}
		v, err := e.fitted(d.Embedding)
		if err != nil {
			return nil, fmt.Errorf("%w: vector %d %w", corpus.ErrUnavailable, at, err)
		}
		vectors[at] = v
	}
	return vectors, nil
}

// fitted cuts a vector to the width wanted (Matryoshka representation
// learning, Kusupati et al., NeurIPS 2022) and makes it unit.
func (e *Embedder) fitted(v []float32) (corpus.Vector, error) {
	if len(v) < e.options.Dimensions || e.options.Shorten && len(v) != e.options.Dimensions {
		return nil, fmt.Errorf("has %d dimensions, not %d", len(v), e.options.Dimensions)
	}
	v = v[:e.options.Dimensions]
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if !(sum > 1e-12) || math.IsInf(sum, 0) {
		return nil, errors.New("is zero or not finite")
	}
	scale := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= scale
	}
	return v, nil
}
