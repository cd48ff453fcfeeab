package main

import (
	"cmp"
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"testing"

	"github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"

	"dalil/corpus"
)

// state is what the services of the stand-in share.
type state struct {
	mu     sync.Mutex
	made   *qdrant.CreateCollection
	points []*qdrant.PointStruct
	asked  int
}

// standin answers the calls of this program as a Qdrant server does, for one collection.
// It compares all points. Its state is not green when it is asked for the first time.
type standin struct {
	qdrant.UnimplementedQdrantServer
	qdrant.UnimplementedCollectionsServer
	*state
}

// standinPoints has the calls about points; two services have methods of one name.
type standinPoints struct {
	qdrant.UnimplementedPointsServer
	*state
}

func (s standin) HealthCheck(context.Context, *qdrant.HealthCheckRequest) (*qdrant.HealthCheckReply, error) {
	return &qdrant.HealthCheckReply{Version: "1.2.3"}, nil
}

func (s standin) Create(_ context.Context, r *qdrant.CreateCollection) (*qdrant.CollectionOperationResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made = r
	return &qdrant.CollectionOperationResponse{Result: true}, nil
}

func (s standin) Get(context.Context, *qdrant.GetCollectionInfoRequest) (*qdrant.GetCollectionInfoResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := qdrant.CollectionStatus_Green
	if s.asked++; s.asked == 1 {
		state = qdrant.CollectionStatus_Yellow
	}
	return &qdrant.GetCollectionInfoResponse{Result: &qdrant.CollectionInfo{Status: state}}, nil
}

func (s standin) Delete(context.Context, *qdrant.DeleteCollection) (*qdrant.CollectionOperationResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made, s.points = nil, nil
	return &qdrant.CollectionOperationResponse{Result: true}, nil
}

func (s standinPoints) Upsert(_ context.Context, r *qdrant.UpsertPoints) (*qdrant.PointsOperationResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.points = append(s.points, r.GetPoints()...)
	return &qdrant.PointsOperationResponse{Result: &qdrant.UpdateResult{Status: qdrant.UpdateStatus_Completed}}, nil
}

func (s standinPoints) Query(_ context.Context, r *qdrant.QueryPoints) (*qdrant.QueryResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	scores := make([]float64, len(s.points))
	switch {
	case r.GetQuery().GetFusion() == qdrant.Fusion_RRF && len(r.GetPrefetch()) == 2:
		for _, p := range r.GetPrefetch() {
			for rank, i := range s.ranked(p.GetQuery(), p.GetUsing()) {
				if rank < int(p.GetLimit()) {
					scores[i] += 1 / float64(rank+2)
				}
			}
		}
	case r.GetQuery().GetNearest() != nil:
		for rank, i := range s.ranked(r.GetQuery(), r.GetUsing()) {
			scores[i] = 1 / float64(rank+2)
		}
	default:
		return nil, errors.New("an unknown query")
	}
	answer := &qdrant.QueryResponse{}
	for _, i := range order(scores)[:r.GetLimit()] {
		if scores[i] > 0 {
			one := &qdrant.ScoredPoint{Id: s.points[i].GetId(), Score: float32(scores[i])}
			if r.GetWithPayload().GetEnable() {
				one.Payload = s.points[i].GetPayload()
			}
			answer.Result = append(answer.Result, one)
		}
	}
	return answer, nil
}

// ranked lists the points that match a query, the best first.
func (s *state) ranked(q *qdrant.Query, using string) (all []int) {
	scores := make([]float64, len(s.points))
	for i, p := range s.points {
		v := p.GetVectors().GetVectors().GetVectors()[using]
		if dense := q.GetNearest().GetDense(); dense != nil {
			scores[i] = 2 + inner(dense.GetData(), v.GetDense().GetData())
		} else {
			scores[i] = shared(q.GetNearest().GetSparse(), v.GetSparse())
		}
	}
	return slices.DeleteFunc(order(scores), func(i int) bool { return scores[i] == 0 })
}

// shared is the inner product of sparse vectors.
func shared(a, b *qdrant.SparseVector) (sum float64) {
	for i, dimension := range a.GetIndices() {
		if at := slices.Index(b.GetIndices(), dimension); at >= 0 {
			sum += float64(a.GetValues()[i]) * float64(b.GetValues()[at])
		}
	}
	return sum
}

// order lists the places of scores, the highest first.
func order(scores []float64) []int {
	all := make([]int, len(scores))
	for i := range all {
		all[i] = i
	}
	slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	return all
}

func TestQdrant(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &state{}
	server := grpc.NewServer()
	qdrant.RegisterQdrantServer(server, standin{state: s})
	qdrant.RegisterCollectionsServer(server, standin{state: s})
	qdrant.RegisterPointsServer(server, standinPoints{state: s})
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) }) // ends with Stop
	defer serving.Wait()
	defer server.Stop()

	opened, err := openQdrant(t.Context(), &options{Qdrant: listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	m := some()
	for i := range m.passages { // a passage has its own word, and one that all have
		m.passages[i].sparse = corpus.Sparse{Dimensions: []uint32{7, uint32(100 + i)}, Weights: []float32{1, 5}}
	}
	for i := range m.questions {
		m.questions[i].sparse = corpus.Sparse{Dimensions: []uint32{7, 125}, Weights: []float32{1, 1}}
	}
	l, err := load(t.Context(), "Qdrant", opened, m)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.points) != len(m.passages) || s.asked < 4 {
		t.Errorf("%d points, and the state was read %d times", len(s.points), s.asked)
	}
	dense := s.made.GetVectorsConfig().GetParamsMap().GetMap()[denseVector]
	if dense.GetSize() != 2 || dense.GetDistance() != qdrant.Distance_Dot {
		t.Errorf("the dense vectors are %v", dense)
	}
	if got := s.made.GetSparseVectorsConfig().GetMap()[sparseVector].GetModifier(); got != qdrant.Modifier_Idf {
		t.Errorf("the sparse vectors have the modifier %v", got)
	}
	if err := measure(t.Context(), []*loaded{l}, m, newExact(m.passages, m.questions)); err != nil {
		t.Fatal(err)
	}
	for _, way := range l.ways {
		if way.dense && (way.found != way.of || way.of != best*len(m.questions)) {
			t.Errorf("%s: %d of %d were found", way.name, way.found, way.of)
		}
		if way.dense {
			continue
		}
		answer, err := way.ask(t.Context(), &m.questions[0])
		if err != nil || len(answer) != best || !slices.ContainsFunc(answer[:3], func(h hit) bool { return h.id == id(25) }) {
			t.Errorf("%s: the passage with the word is not among the first: %v, %v", way.name, answer, err)
		}
	}
	if err := l.Close(); err != nil || s.made != nil {
		t.Errorf("the collection is left behind, %v", err)
	}
}
