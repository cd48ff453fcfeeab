package model

import (
	"context"
	"errors"
	"fmt"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/store"
)

// ProbeTexts are embedded when a collection is created, and again later to compare the vectors.
func ProbeTexts() []string {
	return []string{"التعاون الدولي من أجل التنمية", "international cooperation for development", "2024", "Dalil دليل"}
}

// sameModel is the lowest cosine between a probe's vector now and when the
// collection was created. Other hardware and rounding change the vectors less;
// another model, prefix or pooling changes them more.
const sameModel = 0.999

func cosine(a, b corpus.Vector) (sum float64) {
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

// CompareProbes embeds the probe texts and compares the vectors with those from the
// creation of the collection. It returns corpus.ErrModelMismatch if the model
// differs. Any other error means that the model could not be compared.
func CompareProbes(ctx context.Context, e embedder.Embedder, r store.Reader) error {
	texts := ProbeTexts()
	settings, err := r.Settings(ctx)
	if errors.Is(err, corpus.ErrNotReady) || err == nil && len(settings.Probes) != len(texts) {
		return nil // the collection has no probe vectors
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
			return fmt.Errorf("%w: %s embeds %q differently than when the collection was created (cosine %.4f, must be at least %g): restore the model and its prefixes, or index again with --rebuild",
				corpus.ErrModelMismatch, e.Model().Name, texts[i], c, sameModel)
		}
	}
	return nil
}
