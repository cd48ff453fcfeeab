// Package static embeds text as the mean of its tokens' vectors, which were
// trained once and are looked up: no network, no GPU, microseconds a text. It
// reads the layout of the Python package model2vec and gives the same vectors.
// Start at [Load].
package static

import (
	"context"
	"math"
	"sync"
	"sync/atomic"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/tokenizer"
)

// Embedder is a loaded model. It is safe for concurrent use.
type Embedder struct {
	model   embedder.Model
	tokens  *tokenizer.Tokenizer
	unknown int32   // -1: none; it has no part in a vector
	start   []int32 // the known tokens of a word whose letters are all unknown: those of its start
	rows    matrix
	row     []int32   // of each token in rows; nil: the token's id
	factors []factors // of each token
	scratch sync.Pool // *[]int32
	recent  recent
	scored  atomic.Bool // there is a Scorer, which may make profiles
}

// factors are numbers of a token that are read together.
type factors struct {
	weight float32
	// scale is 1 / the length of the token's weighted vector, as the bits of a float32;
	// 0: not worked out yet.
	scale atomic.Uint32
}

var (
	_ embedder.Embedder = (*Embedder)(nil)
	_ embedder.Counter  = (*Embedder)(nil)
)

// Model reports the width; no text is too long and no batch too large.
func (e *Embedder) Model() embedder.Model { return e.model }

// Tokens counts the tokens that contribute to the text's vector: those in the
// vocabulary.
func (e *Embedder) Tokens(text string) int {
	ids := e.ids(text)
	defer e.scratch.Put(ids)
	return len(*ids)
}

// Embed gives each text the weighted mean of its tokens' vectors, scaled to
// unit length, whatever the role. A text of no known tokens, as the empty one,
// has the first axis as its vector: it is near to nothing in particular, and
// the same in every process.
func (e *Embedder) Embed(ctx context.Context, role embedder.Role, texts []string) (embedder.Embeddings, error) {
	answer := embedder.Embeddings{Vectors: make([]corpus.Vector, len(texts)), Counts: make([]int, len(texts))}
	for i, text := range texts {
		if err := ctx.Err(); err != nil {
			return embedder.Embeddings{}, err
		}
		v := make(corpus.Vector, e.model.Dimensions)
		answer.Counts[i] = e.embed(v, role, text)
		answer.Tokens += answer.Counts[i]
		if !normalise(v) {
			clear(v)
			v[0] = 1
		}
		answer.Vectors[i] = v
	}
	return answer, nil
}

// embed adds the vectors of the text's tokens to v, and returns how many there are.
func (e *Embedder) embed(v []float32, role embedder.Role, text string) int {
	if e.scored.Load() && role == embedder.Passage {
		t := e.recent.room()
		if e.read(t, text) {
			n := len(t.ids)
			e.sum(v, t.ids)
			e.recent.put(t)
			return n
		}
		e.recent.done(t)
	}
	ids := e.ids(text)
	defer e.scratch.Put(ids)
	e.sum(v, *ids)
	return len(*ids)
}

// ids gives the known tokens of text, in memory of the pool.
func (e *Embedder) ids(text string) *[]int32 {
	ids := e.scratch.Get().(*[]int32)
	*ids = e.tokens.AppendIDs((*ids)[:0], text)
	known := (*ids)[:0]
	for _, id := range *ids {
		if id != e.unknown {
			known = append(known, id)
		}
	}
	*ids = known
	return ids
}

// sum adds the weighted vectors of tokens to v, in their order.
func (e *Embedder) sum(v []float32, ids []int32) { e.rows.add(v, ids, e) }

func (e *Embedder) place(id int32) int {
	if e.row != nil {
		return int(e.row[id])
	}
	return int(id)
}

// appendPlaces appends the place of each token.
func (e *Embedder) appendPlaces(to, ids []int32) []int32 {
	for _, id := range ids {
		to = append(to, e.row[id])
	}
	return to
}

// prefetch asks the memory for the vectors of tokens, where they are found by their ids.
func (e *Embedder) prefetch(ids []int32) {
	if e.row == nil {
		e.rows.prefetch(ids)
	}
}

func (e *Embedder) weight(id int32) float32 { return e.factors[id].weight }

// normalise scales v to unit length; false: it has no direction.
func normalise(v []float32) bool {
	var squares float64
	for _, x := range v {
		squares += float64(x) * float64(x)
	}
	if squares == 0 || math.IsNaN(squares) || math.IsInf(squares, 0) {
		return false
	}
	scale := 1 / math.Sqrt(squares)
	for i, x := range v {
		v[i] = float32(float64(x) * scale)
	}
	return true
}
