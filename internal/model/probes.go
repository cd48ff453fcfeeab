package model

import (
	"context"
	"errors"
	"fmt"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/store"
)

// ProbeTexts are embedded when a collection is created and compared later.
func ProbeTexts() []string {
	return []string{"التعاون الدولي من أجل التنمية", "international cooperation for development", "2024", "Dalil دليل"}
}

// sameModel is the least cosine between a probe's vector now and when the
// collection was made: above what other hardware and rounding change, below
// what another model, prefix or pooling does.
const sameModel = 0.999

func cosine(a, b corpus.Vector) (sum float64) {
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

// CompareProbes embeds the probe texts and compares the vectors with those of when
// the collection was made. A model that differs is corpus.ErrModelMismatch; an
// error of e proves nothing.
func CompareProbes(ctx context.Context, e embedder.Embedder, r store.Reader) error {
	texts := ProbeTexts()
	settings, err := r.Settings(ctx)
	if errors.Is(err, corpus.ErrNotReady) || err == nil && len(settings.Probes) != len(texts) {
		return nil // nothing to compare with
	}
	if err != nil {
		return err
	}
	now, err := e.Embed(ctx, embedder.Passage, texts)
	if err != nil {
		return err
	}
	for i, v := range now.Vectors {
		if len(v) != len(settings.Probes[i]) {
			return fmt.Errorf("%w: the model gives %d dimensions, the collection has %d", corpus.ErrModelMismatch, len(v), len(settings.Probes[i]))
		}
		if c := cosine(v, settings.Probes[i]); c < sameModel {
			return fmt.Errorf("%w: %s embeds %q otherwise than when the collection was made (cosine %.4f, at least %g): restore the model and its prefixes, or index again with --rebuild",
				corpus.ErrModelMismatch, e.Model().Name, texts[i], c, sameModel)
		}
	}
	return nil
}
