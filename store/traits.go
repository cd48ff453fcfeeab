package store

import (
	"context"
	"fmt"
	"time"

	"dalil/corpus"
)

// TraitReader is a store that answers from memory what the options of a search ask of its
// candidates. Fallback: [Reader.Chunks] reads documents and vectors, see [Published],
// [Vectors] and [CountFacets]. A passage whose document is not visible may be answered for
// or count as gone.
type TraitReader interface {
	// Published returns when the documents of passages were published, in the order of
	// ids; zero: unknown, or the passage is gone.
	Published(ctx context.Context, ids []corpus.ChunkID) ([]time.Time, error)
	// Vectors returns the dense vectors of passages, of unit length, in the order of ids;
	// nil: the passage is gone. They may be rounded: a cosine differs from that of the
	// stored vectors by at most 10⁻⁴.
	Vectors(ctx context.Context, ids []corpus.ChunkID) ([]corpus.Vector, error)
	// CountFacets counts the documents of passages by the values of each field, as
	// [corpus.FacetField.Values] defines them, in any order. A document counts once,
	// however many of its passages are named. Passages that are gone do not count.
	CountFacets(ctx context.Context, ids []corpus.ChunkID, fields []corpus.FacetField) ([][]corpus.FacetValue, error)
}

// traitReaderOf returns the [TraitReader] that r is or wraps; nil: there is none.
func traitReaderOf(r Reader) TraitReader {
	reader, _ := able[TraitReader](r)
	return reader
}

// Published is [TraitReader.Published] for every store.
func Published(ctx context.Context, r Reader, ids []corpus.ChunkID) ([]time.Time, error) {
	if reader := traitReaderOf(r); reader != nil {
		return reader.Published(ctx, ids)
	}
	all := make([]time.Time, len(ids))
	err := eachChunk(ctx, r, ids, WithDocument, func(i int, p *Point) { all[i] = p.Document.PublishedAt })
	return all, err
}

// Vectors is [TraitReader.Vectors] for every store.
func Vectors(ctx context.Context, r Reader, ids []corpus.ChunkID) ([]corpus.Vector, error) {
	if reader := traitReaderOf(r); reader != nil {
		return reader.Vectors(ctx, ids)
	}
	all := make([]corpus.Vector, len(ids))
	err := eachChunk(ctx, r, ids, WithDense, func(i int, p *Point) { all[i] = p.Dense })
	return all, err
}

// CountFacets is [TraitReader.CountFacets] for every store.
func CountFacets(ctx context.Context, r Reader, ids []corpus.ChunkID, fields []corpus.FacetField) ([][]corpus.FacetValue, error) {
	if reader := traitReaderOf(r); reader != nil {
		return reader.CountFacets(ctx, ids, fields)
	}
	documents := map[string]*corpus.Document{}
	err := eachChunk(ctx, r, ids, WithDocument, func(_ int, p *Point) { documents[p.Document.ID] = p.Document })
	if err != nil {
		return nil, err
	}
	counts := make([][]corpus.FacetValue, len(fields))
	for i, field := range fields {
		at := map[string]int{}
		for _, d := range documents {
			for _, v := range field.Values(d) {
				key := v.Kind().String() + v.String()
				j, known := at[key]
				if !known {
					j = len(counts[i])
					at[key] = j
					counts[i] = append(counts[i], corpus.FacetValue{Value: v})
				}
				counts[i][j].Count++
			}
		}
	}
	return counts, nil
}

// eachChunk calls do with the number of each passage in ids that is still there.
func eachChunk(ctx context.Context, r Reader, ids []corpus.ChunkID, with Fields, do func(i int, p *Point)) error {
	points, err := r.Chunks(ctx, ids, with)
	if err != nil {
		return fmt.Errorf("read %d passages: %w", len(ids), err)
	}
	next := 0
	for i, id := range ids {
		if next < len(points) && points[next].Chunk.ID == id {
			do(i, &points[next])
			next++
		}
	}
	return nil
}
