package model

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"dalil/corpus"
	"dalil/embedder/endpoint"
	"dalil/embedder/rerank"
	"dalil/internal/config"
	"dalil/internal/observe"
	"dalil/searcher"
)

// OpenExternal opens the external reranker, or returns nil if none is configured.
func OpenExternal(s config.Search, metrics *observe.Metrics, log *slog.Logger) (searcher.External, error) {
	r := s.Reranker
	if r.URL == "" || s.RerankDepth == 0 {
		return nil, nil
	}
	client, err := rerank.New(rerank.Options{
		Endpoint: endpoint.Options{
			URL: r.URL, Key: string(r.Key), Timeout: r.Timeout, Private: r.Private, Headers: r.Headers.Map(), Proxy: r.Proxy.For,
		},
		Model: r.Model, Parameters: r.Parameters.Map(),
	})
	if err != nil {
		return nil, renamed(err, func(option string) string { return "search.reranker." + option })
	}
	return &loggedExternal{External: metrics.External(client), log: log}, nil
}

// loggedExternal logs when the reranker begins to fail, once per minute while it
// fails, and when it answers again.
type loggedExternal struct {
	searcher.External
	log *slog.Logger

	mu      sync.Mutex
	last    time.Time // when a failure was last logged; zero: the reranker answers
	omitted int       // failures since then
}

// logEvery is how often a lasting failure is logged.
const logEvery = time.Minute

func (e *loggedExternal) Scores(ctx context.Context, query string, texts []string) ([]float32, error) {
	scores, err := e.External.Scores(ctx, query, texts)
	if errors.Is(err, context.Canceled) {
		return scores, err // the caller cancelled
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case err == nil && !e.last.IsZero():
		e.log.LogAttrs(ctx, slog.LevelInfo, "the reranker answers again", slog.Int("failures", e.omitted))
		e.last, e.omitted = time.Time{}, 0
	case err != nil && time.Since(e.last) >= logEvery:
		e.log.LogAttrs(ctx, slog.LevelWarn, "the reranker failed; the order without it is kept", slog.String("error", keyed(err).Error()), slog.Int("failures", e.omitted+1))
		e.last, e.omitted = time.Now(), 0
	case err != nil:
		e.omitted++
	}
	return scores, err
}

// keyed replaces the settings of the embedder in the endpoint's errors by those of
// the reranker.
func keyed(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.New("no answer in time (search.reranker.timeout)")
	}
	return corpus.Errorf(corpus.KindOf(err), "%s", strings.ReplaceAll(err.Error(), "embedder.", "search.reranker."))
}
