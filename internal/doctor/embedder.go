package doctor

import (
	"context"
	"errors"
	"strings"
	"time"

	"dalil/corpus"
	"dalil/embedder"
)

// sanity has questions, each with the passage that answers it.
var sanity = [][2]string{
	{"What is the capital of France?", "Paris is the capital and the largest city of France."},
	{"How do volcanoes erupt?", "A volcano erupts when molten rock rises and breaks through the crust of the earth."},
	{"fish prices at the market", "Fishermen sold their catch at higher prices on the market this morning."},
}

// embeds makes a real call of the embedder.
func embeds(ctx context.Context, x *examination) {
	const check = "embedder"
	e, err := x.Embedder()
	var invalid *corpus.InvalidError
	switch {
	case errors.As(err, &invalid):
		x.fail(check, "correct "+fields(invalid)+"; \"dalil config\" lists every key below embedder", err)
		return
	case errors.Is(err, corpus.ErrUnavailable):
		x.fail(check, "start the server at embedder.url; Dalil reads the model from it at its own start", err)
		return
	case err != nil:
		x.fail(check, "set the missing key; \"dalil config\" lists every key below embedder", err)
		return
	}
	e = embedder.Checked(e)
	var asked, answers []string
	for _, pair := range sanity {
		asked, answers = append(asked, pair[0]), append(answers, pair[1])
	}
	start := time.Now()
	questions, err := e.Embed(ctx, embedder.Query, asked)
	took := time.Since(start)
	if err != nil {
		x.fail(check, embedderAdvice(err), err)
		return
	}
	passages, err := e.Embed(ctx, embedder.Passage, answers)
	if err != nil {
		x.fail(check, embedderAdvice(err), err)
		return
	}
	model := e.Model()
	x.ok(check, "%s@%s answers, %d dimensions, %d questions in %v", model.Name, model.Revision, model.Dimensions, len(asked), took.Round(time.Microsecond))
	x.model, x.questions, x.passages = e, questions.Vectors, passages.Vectors
}

// fields returns the names of the invalid settings.
func fields(err *corpus.InvalidError) string {
	names := make([]string, len(err.Violations))
	for i, v := range err.Violations {
		names[i] = v.Field
	}
	return strings.Join(names, ", ")
}

// embedderAdvice returns what to do about a failed call.
func embedderAdvice(err error) string {
	switch {
	case errors.Is(err, corpus.ErrExhausted):
		return "the provider limits calls; wait, or set embedder.requests_per_minute to its limit"
	case errors.Is(err, corpus.ErrDenied):
		return "check embedder.key, embedder.model and the path in embedder.url"
	case errors.Is(err, corpus.ErrInvalid):
		return "check embedder.model and embedder.dimensions; the endpoint refuses the request"
	}
	return "check that the endpoint runs at embedder.url; until it answers, questions are answered by words alone"
}
