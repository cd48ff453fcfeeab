package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
)

// qdrants is a Qdrant server with a collection of its own, which is deleted at the end.
type qdrants struct {
	client              *qdrant.Client
	collection, version string
	process             int
}

const (
	denseVector  = "dense"
	sparseVector = "words"
)

func openQdrant(ctx context.Context, o *options) (system, error) {
	if o.Qdrant == "" {
		return nil, absent("no address was given (--qdrant)")
	}
	host, port, err := net.SplitHostPort(o.Qdrant)
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	c, err := qdrant.NewClient(&qdrant.Config{Host: host, Port: number, PoolSize: callers, SkipCompatibilityCheck: true})
	if err != nil {
		return nil, err
	}
	health, err := c.HealthCheck(ctx)
	if err != nil {
		_ = c.Close()
		return nil, absent("the server does not answer: " + err.Error())
	}
	return &qdrants{
		client: c, collection: fmt.Sprintf("dalil-compare-%d", time.Now().UnixNano()), version: health.GetVersion(), process: listener(o.Qdrant),
	}, nil
}

func (s *qdrants) Load(ctx context.Context, m *material) error {
	err := s.client.CreateCollection(ctx, &qdrant.CreateCollection{
		CollectionName: s.collection,
		VectorsConfig: qdrant.NewVectorsConfigMap(map[string]*qdrant.VectorParams{
			denseVector: {Size: uint64(len(m.passages[0].dense)), Distance: qdrant.Distance_Dot},
		}),
		SparseVectorsConfig: qdrant.NewSparseVectorsConfig(map[string]*qdrant.SparseVectorParams{sparseVector: {Modifier: qdrant.Modifier_Idf.Enum()}}),
	})
	if err != nil {
		return err
	}
	const batch = 500
	for from := 0; from < len(m.passages); from += batch {
		points := make([]*qdrant.PointStruct, 0, batch)
		for i := from; i < min(from+batch, len(m.passages)); i++ {
			points = append(points, point(&m.passages[i]))
		}
		if _, err := s.client.Upsert(ctx, &qdrant.UpsertPoints{CollectionName: s.collection, Points: points, Wait: qdrant.PtrOf(true)}); err != nil {
			return err
		}
	}
	return s.optimised(ctx)
}

func point(p *passage) *qdrant.PointStruct {
	vectors := map[string]*qdrant.Vector{denseVector: qdrant.NewVectorDense(p.dense)}
	if p.sparse.Len() > 0 {
		vectors[sparseVector] = qdrant.NewVectorSparse(p.sparse.Dimensions, p.sparse.Weights)
	}
	return &qdrant.PointStruct{
		Id: qdrant.NewIDUUID(p.id.String()), Vectors: qdrant.NewVectorsMap(vectors),
		Payload: map[string]*qdrant.Value{"title": qdrant.NewValueString(p.title), "text": qdrant.NewValueString(p.text)},
	}
}

// optimised waits until the server has built its indexes: three times in a row, half a
// second apart, its state is green.
func (s *qdrants) optimised(ctx context.Context) error {
	for green := 0; green < 3; {
		info, err := s.client.GetCollectionInfo(ctx, s.collection)
		if err != nil {
			return err
		}
		if green++; info.GetStatus() != qdrant.CollectionStatus_Green {
			green = 0
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(500 * time.Millisecond):
		}
	}
	return nil
}

func (s *qdrants) Ways() []way {
	const depth = 100 // candidates of each list that are fused
	dense := func(q *question) *qdrant.Query { return qdrant.NewQueryDense(q.dense) }
	sparse := func(q *question) *qdrant.Query { return qdrant.NewQuerySparse(q.sparse.Dimensions, q.sparse.Weights) }
	return []way{
		{"dense, exact scan", true, s.asking(func(r *qdrant.QueryPoints, q *question) {
			r.Query, r.Using, r.Params = dense(q), qdrant.PtrOf(denseVector), &qdrant.SearchParams{Exact: qdrant.PtrOf(true)}
		})},
		{"dense, HNSW", true, s.asking(func(r *qdrant.QueryPoints, q *question) { r.Query, r.Using = dense(q), qdrant.PtrOf(denseVector) })},
		{"words only", false, s.asking(func(r *qdrant.QueryPoints, q *question) { r.Query, r.Using = sparse(q), qdrant.PtrOf(sparseVector) })},
		{"both, fused by rank", false, s.asking(func(r *qdrant.QueryPoints, q *question) {
			r.Prefetch = []*qdrant.PrefetchQuery{
				{Query: dense(q), Using: qdrant.PtrOf(denseVector), Limit: qdrant.PtrOf(uint64(depth))},
				{Query: sparse(q), Using: qdrant.PtrOf(sparseVector), Limit: qdrant.PtrOf(uint64(depth))},
			}
			r.Query = qdrant.NewQueryFusion(qdrant.Fusion_RRF)
		})},
	}
}

func (s *qdrants) asking(fill func(*qdrant.QueryPoints, *question)) func(context.Context, *question) ([]hit, error) {
	return func(ctx context.Context, q *question) ([]hit, error) {
		r := &qdrant.QueryPoints{CollectionName: s.collection, Limit: qdrant.PtrOf(uint64(best)), WithPayload: qdrant.NewWithPayload(true)}
		fill(r, q)
		points, err := s.client.Query(ctx, r)
		if err != nil {
			return nil, err
		}
		hits := make([]hit, 0, best)
		for _, p := range points {
			id, err := corpus.ParseChunkID(p.GetId().GetUuid())
			if err != nil {
				return nil, err
			}
			hits = append(hits, hit{id, p.GetPayload()["title"].GetStringValue(), p.GetPayload()["text"].GetStringValue()})
		}
		return hits, nil
	}
}

func (s *qdrants) Process() int { return s.process }

// Disk finds the collection's folder where the server's settings have the default.
func (s *qdrants) Disk(context.Context) int64 {
	dir := fmt.Sprintf("/proc/%d/cwd/storage/collections/%s", s.process, s.collection)
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return -1
	}
	if _, err := os.Stat(dir); err != nil {
		return -1
	}
	return sizeOf(dir)
}

func (s *qdrants) About() string {
	return "Qdrant " + s.version + ": the default settings of a collection (HNSW with m 16, ef_construct 100, no quantisation), dot product; the passages' and " +
		"questions' sparse vectors are Dalil's, with translations, and the server applies the inverse document frequency."
}

func (s *qdrants) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	err := s.client.DeleteCollection(ctx, s.collection)
	if closed := s.client.Close(); err == nil {
		err = closed
	}
	return err
}
