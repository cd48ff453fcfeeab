package qdrant

import (
	"context"
	"fmt"
	"slices"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
)

// Chunks reads points and the manifests of their documents in one round trip,
// because the keys of manifests are part of the ids. If a manifest names a passage
// that was not returned, the document was being replaced; the passage is read
// again.
func (s *Store) Chunks(ctx context.Context, ids []corpus.ChunkID, with store.Fields) ([]store.Point, error) {
	name, err := s.at(ctx, s.asking())
	if err != nil || name == "" {
		return nil, err
	}
	points := make([]store.Point, 0, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), readBatch)
		var read []store.Point
		for attempt := 1; ; attempt++ {
			var whole bool
			if read, whole, err = s.chunks(ctx, name, ids[:n], with); err != nil {
				return nil, err
			}
			if whole || attempt == chunkAttempts {
				break
			}
		}
		points = append(points, read...)
		ids = ids[n:]
	}
	return points, nil
}

// chunkAttempts is how often a passage is read. After that it counts as deleted,
// and callers replace it.
const chunkAttempts = 5

func (s *Store) chunks(ctx context.Context, collection string, ids []corpus.ChunkID, with store.Fields) (points []store.Point, whole bool, err error) {
	include := slices.Concat([]string{keySpan}, commitFields)
	if with&store.WithText != 0 {
		include = append(include, keyText, keyHeadings)
	}
	if with&store.WithDocument != 0 {
		include = append(include, documentFields...)
	}
	var vectors []string
	if with&store.WithDense != 0 {
		vectors = append(vectors, denseVector)
	}
	if with&store.WithSparse != 0 {
		vectors = append(vectors, lexicalVector)
	}
	wanted := make(map[corpus.ChunkID]*sdk.RetrievedPoint, len(ids)+8)
	asked := make([]*sdk.PointId, 0, len(ids)+8)
	for _, id := range ids {
		for _, each := range [2]corpus.ChunkID{id, id.Document()} {
			if _, twice := wanted[each]; !twice {
				wanted[each] = nil
				asked = append(asked, pointID(each))
			}
		}
	}
	var selector *sdk.WithVectorsSelector
	if len(vectors) > 0 {
		selector = sdk.NewWithVectorsInclude(vectors...)
	}
	found, err := s.get(ctx, s.asking(), collection, asked, sdk.NewWithPayloadInclude(include...), selector)
	if err != nil {
		return nil, false, err
	}
	for _, p := range found {
		id, err := chunkID(p.GetId())
		if err != nil {
			return nil, false, err
		}
		wanted[id] = p
	}
	held, now := map[corpus.ChunkID]*manifest{}, s.clock.now()
	whole = true
	for _, id := range ids {
		key := id.Document()
		m, known := held[key]
		if !known {
			if p := wanted[key]; p != nil {
				m = readManifest(p.GetPayload())
			}
			held[key] = m
		}
		if !m.holds(id) || with&store.WithHidden == 0 && !m.life.visible(now) {
			continue
		}
		p := wanted[id]
		if p == nil {
			whole = false
			continue
		}
		point, err := m.point(id, p, with)
		if err != nil {
			return nil, false, fmt.Errorf("chunk %s: %w", id, err)
		}
		points = append(points, point)
	}
	return points, whole, nil
}

// point converts a passage to the types of package corpus.
func (m *manifest) point(id corpus.ChunkID, p *sdk.RetrievedPoint, with store.Fields) (store.Point, error) {
	span := p.GetPayload()[keySpan].GetListValue().GetValues()
	if len(span) != 2 {
		return store.Point{}, fmt.Errorf("%w: its span has %d numbers", corpus.ErrCorrupt, len(span))
	}
	point := store.Point{Chunk: corpus.Chunk{
		ID: id, DocumentID: m.documentID, Revision: m.revision, Ordinal: id.Ordinal(),
		Span: corpus.Span{Start: int(span[0].GetIntegerValue()), End: int(span[1].GetIntegerValue())},
		Text: p.GetPayload()[keyText].GetStringValue(), Headings: texts(p.GetPayload()[keyHeadings]),
	}}
	if with&store.WithDocument != 0 {
		d, err := document(m.payload)
		if err != nil {
			return store.Point{}, err
		}
		point.Document = &d
	}
	vectors := p.GetVectors().GetVectors().GetVectors()
	if with&store.WithDense != 0 {
		point.Dense = vectors[denseVector].GetDenseVector().GetData()
	}
	if with&store.WithSparse != 0 {
		v := vectors[lexicalVector].GetSparseVector()
		point.Sparse = corpus.Sparse{Dimensions: v.GetIndices(), Weights: v.GetValues()}
	}
	return point, nil
}
