package doctor

import (
	"context"
	"fmt"

	"dalil/store"
)

// length compares the mean length of passages with the one that was fixed when the
// collection was created.
func length(ctx context.Context, x *examination) {
	const check = "average length"
	if x.index == nil {
		return
	}
	points, err := sample(ctx, x.index.Store, 500, store.WithText|store.WithDocument)
	if err != nil {
		x.fail(check, "", err)
		return
	}
	if len(points) == 0 {
		return
	}
	terms := 0
	for _, p := range points {
		terms += x.index.Terms(p.Document.Title, p.Chunk.Text)
	}
	mean := float64(terms) / float64(len(points))
	if ratio := mean / x.settings.AverageLength; ratio > 2 || ratio < 0.5 {
		x.warn(check, fmt.Sprintf("set index.average_length to %.0f and run \"dalil index --rebuild\"; until then, long or short passages get lexical scores that are too low or too high", mean),
			"passages have %.0f terms on average, and the collection assumes %.0f", mean, x.settings.AverageLength)
		return
	}
	x.ok(check, "passages have %.0f terms on average, and the collection assumes %.0f", mean, x.settings.AverageLength)
}
