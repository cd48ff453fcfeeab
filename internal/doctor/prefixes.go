package doctor

import (
	"context"

	"dalil/corpus"
)

// prefixes checks whether questions are nearer to their own passages than to
// others. If they are not, a prefix or the pooling is wrong.
func prefixes(_ context.Context, x *examination) {
	const check = "embedder prefixes"
	if x.model == nil {
		return
	}
	for i, q := range x.questions {
		best := 0
		for j, p := range x.passages {
			if cosine(q, p) > cosine(q, x.passages[best]) {
				best = j
			}
		}
		if best != i {
			x.warn(check, "compare embedder.query_prefix and embedder.passage_prefix with the model's card",
				"the question %q is nearer to %q than to its own passage", sanity[i][0], sanity[best][1])
			return
		}
	}
	x.ok(check, "every question is nearest to its own passage")
}

func cosine(a, b corpus.Vector) (sum float64) {
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}
