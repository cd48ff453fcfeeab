package training

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

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
	Prefix  string // the embedder has it already; the file belongs to one prefix
	Batch   int    // texts in one call; 0: 64
	Workers int    // calls under way at once; 0: 2
	Every   time.Duration
	// AskAgain asks once more for texts that the file holds as refused.
	AskAgain bool
	Log      *slog.Logger
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

// Vectors embeds the texts that are not in the file, then rotates all vectors so
// that the requested width keeps as much of their variance as it can. A text that
// the model refuses or would cut has no vector; the log says how many. A model that
// refuses a text that it answered before ends the run.
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
	refused := 0
	for i, text := range texts {
		keys[i] = textKey(text)
		if asked[keys[i]] {
			continue
		}
		asked[keys[i]] = true
		before := cache.refused(keys[i])
		if before {
			refused++
		}
		if !cache.has(keys[i]) || before && t.o.AskAgain {
			missing, missingKeys = append(missing, text), append(missingKeys, keys[i])
		}
	}
	if refused > 0 && !t.o.AskAgain {
		t.o.Log.Warn("the teacher refused texts in an earlier run, so they have no vector; --teacher-ask-again asks for them once more", "texts", refused, "file", t.o.Cache)
	}
	if len(missing) > 0 {
		if err := t.same(ctx, cache, texts, keys); err != nil {
			return nil, err
		}
		if err := (&asking{AskedTeacher: t, cache: cache}).all(ctx, missing, missingKeys); err != nil {
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
