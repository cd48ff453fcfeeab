package training

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"dalil/corpus"
	"dalil/embedder"
)

// AskedTeacher is a model that is asked for its vectors: any embedder. What
// it answered is kept in a file, so no text is paid for twice and a run that
// was stopped goes on where it was.
type AskedTeacher struct {
	e embedder.Embedder
	o AskedOptions
}

// AskedOptions say how the model is asked; zero fields take the defaults.
type AskedOptions struct {
	Cache   string // file of the answers; needed
	Prefix  string // told to the embedder already; part of what the file is of
	Batch   int    // texts in one call; 0: 64
	Workers int    // calls under way at once; 0: 2
	Every   time.Duration
	Log     *slog.Logger
}

// NewAskedTeacher takes an embedder that already retries what may help.
func NewAskedTeacher(e embedder.Embedder, o AskedOptions) *AskedTeacher {
	if o.Batch <= 0 {
		o.Batch = 64
	}
	if o.Workers <= 0 {
		o.Workers = 2
	}
	if o.Every <= 0 {
		o.Every = 5 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &AskedTeacher{e, o}
}

// Vectors asks for the texts that the file lacks, then turns all vectors so
// that the width wanted keeps as much of their variance as it can. A text that
// the model refuses or would cut has no vector; the log tells how many.
func (t *AskedTeacher) Vectors(ctx context.Context, texts []string, width int) (vectors []corpus.Vector, err error) {
	model := t.e.Model()
	if width > model.Dimensions {
		return nil, fmt.Errorf("the teacher has %d dimensions, %d are wanted", model.Dimensions, width)
	}
	cache, err := openVectorCache(t.o.Cache, cacheHeader{Model: model.String(), Prefix: t.o.Prefix, Dimensions: model.Dimensions})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, cache.close()) }()
	if cache.dropped > 0 {
		t.o.Log.Warn("dropped what a stopped run left half written", "file", t.o.Cache, "bytes", cache.dropped)
	}
	keys := make([]uint64, len(texts))
	var missing []string
	var missingKeys []uint64
	asked := map[uint64]bool{}
	for i, text := range texts {
		keys[i] = textKey(text)
		if !asked[keys[i]] && !cache.has(keys[i]) {
			missing, missingKeys = append(missing, text), append(missingKeys, keys[i])
		}
		asked[keys[i]] = true
	}
	if len(missing) > 0 {
		if err := t.same(ctx, cache, texts, keys); err != nil {
			return nil, err
		}
		if err := t.ask(ctx, cache, missing, missingKeys); err != nil {
			return nil, err
		}
	}
	return projected(cache, keys, model.Dimensions, width), nil
}

// same makes sure that the file's vectors are of the model that answers now:
// another one behind the same name would be mixed in unseen.
func (t *AskedTeacher) same(ctx context.Context, cache *vectorCache, texts []string, keys []uint64) error {
	const least = 0.999
	was := make([]float32, cache.header.Dimensions)
	for i, key := range keys {
		if !cache.vector(key, was) {
			continue
		}
		answer, err := t.e.Embed(ctx, embedder.Passage, texts[i:i+1])
		if err != nil {
			return err
		}
		unit(was)
		var cosine float64
		for j, x := range answer.Vectors[0] {
			cosine += float64(x) * float64(was[j])
		}
		if cosine < least {
			return fmt.Errorf("teacher cache %s: the model answers a text otherwise now than then (cosine %.4f): name another file", t.o.Cache, cosine)
		}
		return nil
	}
	return nil
}

// ask fills the cache.
func (t *AskedTeacher) ask(ctx context.Context, cache *vectorCache, texts []string, keys []uint64) error {
	t.o.Log.Info("asking the teacher", "model", t.e.Model().String(), "texts", len(texts), "known", len(cache.scales))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(t.o.Workers)
	var mu sync.Mutex // of what follows, and of the cache
	done, refused := 0, 0
	start := time.Now()
	last := start
	for from := 0; from < len(texts) && ctx.Err() == nil; from += t.o.Batch {
		to := min(from+t.o.Batch, len(texts))
		group.Go(func() error {
			vectors, err := t.answers(ctx, texts[from:to])
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			for i, v := range vectors {
				if v == nil {
					refused++
				}
				if err := cache.add(keys[from+i], v); err != nil {
					return err
				}
			}
			done += len(vectors)
			if refused == done && done >= 8 {
				return fmt.Errorf("%w: the teacher refused each of the first %d texts", corpus.ErrInvalid, done)
			}
			if time.Since(last) < t.o.Every && done < len(texts) {
				return nil
			}
			last = time.Now()
			rate := float64(done) / time.Since(start).Seconds()
			t.o.Log.Info("taught", "texts", done, "of", len(texts), "refused", refused, "per_second", math.Round(rate),
				"minutes_left", math.Round(float64(len(texts)-done)/rate/6)/10)
			return cache.flush()
		})
	}
	return group.Wait()
}

// answers gives a vector for each text, nil for one that the model does not
// take whole. A batch that is refused is halved until the text at fault is
// alone.
func (t *AskedTeacher) answers(ctx context.Context, texts []string) ([]corpus.Vector, error) {
	answer, err := t.e.Embed(ctx, embedder.Passage, texts)
	var text *embedder.TextError
	switch {
	case err == nil:
		for _, i := range answer.Cut {
			answer.Vectors[i] = nil
		}
		return answer.Vectors, nil
	case !errors.As(err, &text) && !errors.Is(err, corpus.ErrInvalid):
		return nil, err
	case len(texts) == 1:
		return []corpus.Vector{nil}, nil
	}
	half := len(texts) / 2
	left, err := t.answers(ctx, texts[:half])
	if err != nil {
		return nil, err
	}
	right, err := t.answers(ctx, texts[half:])
	return append(left, right...), err
}
