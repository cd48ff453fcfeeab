package standin

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// point is as it was written, its dense vector of unit length.
type point struct {
	id      string
	payload map[string]*sdk.Value
	dense   []float32
	indices []uint32
	weights []float32
	lexical bool
}

// key is a point's id as text: a UUID, or # and a number.
func key(id *sdk.PointId) string {
	if _, number := id.GetPointIdOptions().(*sdk.PointId_Num); number {
		return fmt.Sprint("#", id.GetNum())
	}
	return id.GetUuid()
}

// pointID is the id of a key.
func pointID(key string) *sdk.PointId {
	if number, is := strings.CutPrefix(key, "#"); is {
		n, err := strconv.ParseUint(number, 10, 64)
		if err == nil {
			return sdk.NewIDNum(n)
		}
	}
	return sdk.NewIDUUID(key)
}

// points serves the points; its Get and Delete are others than the collections'.
type points struct {
	*Server
	sdk.UnimplementedPointsServer
}

func (p points) done() *sdk.PointsOperationResponse {
	return &sdk.PointsOperationResponse{Result: &sdk.UpdateResult{Status: sdk.UpdateStatus_Completed}}
}

// CreateFieldIndex notes the type of a field.
func (p points) CreateFieldIndex(_ context.Context, r *sdk.CreateFieldIndexCollection) (*sdk.PointsOperationResponse, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, err := p.find(r.GetCollectionName())
	if err != nil {
		return nil, err
	}
	c.indexed[r.GetFieldName()] = r.GetFieldType()
	return p.done(), nil
}

// DeleteFieldIndex removes the index of a field.
func (p points) DeleteFieldIndex(_ context.Context, r *sdk.DeleteFieldIndexCollection) (*sdk.PointsOperationResponse, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, err := p.find(r.GetCollectionName())
	if err != nil {
		return nil, err
	}
	delete(c.indexed, r.GetFieldName())
	return p.done(), nil
}

// Upsert writes points: those that are there only if they match the filter.
func (p points) Upsert(_ context.Context, r *sdk.UpsertPoints) (*sdk.PointsOperationResponse, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, err := p.find(r.GetCollectionName())
	if err != nil {
		return nil, err
	}
	if !r.GetWait() {
		return nil, unknown("writes that are not waited for")
	}
	if err := c.checkUpsert(len(r.GetPoints())); err != nil {
		return nil, err
	}
	fresh := make([]*point, len(r.GetPoints()))
	for i, given := range r.GetPoints() {
		if fresh[i], err = c.read(given); err != nil {
			return nil, err
		}
	}
	for _, one := range fresh {
		if held, there := c.points[one.id]; there && r.GetUpdateFilter() != nil {
			ok, err := matches(r.GetUpdateFilter(), held)
			if err != nil {
				return nil, err
			}
			if !ok {
				continue
			}
		}
		c.points[one.id] = one
	}
	return p.done(), nil
}

func (c *collection) read(given *sdk.PointStruct) (*point, error) {
	one := &point{id: key(given.GetId()), payload: readBackAll(given.GetPayload())}
	if one.id == "" {
		return nil, unknown("points without an id")
	}
	for name, v := range given.GetVectors().GetVectors().GetVectors() {
		switch {
		case name == "dense" && v.GetDense() != nil:
			one.dense = slices.Clone(v.GetDense().GetData())
			if uint64(len(one.dense)) != c.size {
				return nil, invalid("Vector dimension error: expected dim: %d, got %d", c.size, len(one.dense))
			}
			normalise(one.dense)
		case name == "lexical" && v.GetSparse() != nil:
			one.indices, one.weights, one.lexical = v.GetSparse().GetIndices(), v.GetSparse().GetValues(), true
			if len(one.indices) != len(one.weights) {
				return nil, invalid("must be the same length as indices")
			}
		default:
			return nil, invalid("Not existing vector name error: %s", name)
		}
	}
	return one, nil
}

func normalise(v []float32) {
	var square float64
	for _, x := range v {
		square += float64(x) * float64(x)
	}
	if square == 0 {
		return
	}
	for i := range v {
		v[i] = float32(float64(v[i]) / math.Sqrt(square))
	}
}

// SetPayload sets keys of points by id or filter. As on a real server, an id without a point
// is an error.
func (p points) SetPayload(_ context.Context, r *sdk.SetPayloadPoints) (*sdk.PointsOperationResponse, error) {
	if !r.GetWait() || r.GetKey() != "" {
		return nil, unknown("payload below a key, or that is not waited for")
	}
	return p.change(r.GetCollectionName(), r.GetPointsSelector(), func(payload map[string]*sdk.Value) { maps.Copy(payload, readBackAll(r.GetPayload())) })
}

// DeletePayload removes keys of points by id or filter.
func (p points) DeletePayload(_ context.Context, r *sdk.DeletePayloadPoints) (*sdk.PointsOperationResponse, error) {
	if !r.GetWait() {
		return nil, unknown("payload that is not waited for")
	}
	return p.change(r.GetCollectionName(), r.GetPointsSelector(), func(payload map[string]*sdk.Value) {
		for _, key := range r.GetKeys() {
			delete(payload, key)
		}
	})
}

// change changes a copy of the payload of the points that a selector names.
func (p points) change(collection string, selector *sdk.PointsSelector, do func(payload map[string]*sdk.Value)) (*sdk.PointsOperationResponse, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, err := p.find(collection)
	if err != nil {
		return nil, err
	}
	var found []*point
	switch f := selector.GetFilter(); {
	case f != nil:
		if err := c.checkFilter(f); err != nil {
			return nil, err
		}
		if found, err = c.matching(f); err != nil {
			return nil, err
		}
	default:
		for _, id := range selector.GetPoints().GetIds() {
			one, held := c.points[key(id)]
			if !held {
				return nil, status.Errorf(codes.NotFound, "Not found: No point with id %s found", key(id))
			}
			found = append(found, one)
		}
	}
	for _, one := range found {
		changed := *one
		changed.payload = maps.Clone(one.payload)
		do(changed.payload)
		c.points[one.id] = &changed
	}
	return p.done(), nil
}

// Delete removes points by filter.
func (p points) Delete(_ context.Context, r *sdk.DeletePoints) (*sdk.PointsOperationResponse, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, err := p.find(r.GetCollectionName())
	if err != nil {
		return nil, err
	}
	f := r.GetPoints().GetFilter()
	if f == nil || !r.GetWait() {
		return nil, unknown("deletes that are not by filter, or not waited for")
	}
	if err := c.checkFilter(f); err != nil {
		return nil, err
	}
	found, err := c.matching(f)
	for _, one := range found {
		delete(c.points, one.id)
	}
	return p.done(), err
}

// matching lists the points that a filter keeps, by rising id.
func (c *collection) matching(f *sdk.Filter) ([]*point, error) {
	var found []*point
	for _, one := range c.points {
		ok, err := matches(f, one)
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, one)
		}
	}
	slices.SortFunc(found, func(a, b *point) int { return strings.Compare(a.id, b.id) })
	return found, nil
}

// Get reads points by id; those that are not there are left out.
func (p points) Get(_ context.Context, r *sdk.GetPoints) (*sdk.GetResponse, error) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	c, err := p.find(r.GetCollectionName())
	if err != nil {
		return nil, err
	}
	answer := &sdk.GetResponse{}
	for _, id := range r.GetIds() {
		if one, held := c.points[key(id)]; held {
			answer.Result = append(answer.Result, one.show(r.GetWithPayload(), r.GetWithVectors()))
		}
	}
	return answer, nil
}

func (one *point) show(payload *sdk.WithPayloadSelector, vectors *sdk.WithVectorsSelector) *sdk.RetrievedPoint {
	shown := &sdk.RetrievedPoint{Id: pointID(one.id), Payload: one.selected(payload)}
	named := map[string]*sdk.VectorOutput{}
	for _, name := range vectors.GetInclude().GetNames() {
		switch {
		case name == "dense" && one.dense != nil:
			named[name] = &sdk.VectorOutput{Vector: &sdk.VectorOutput_Dense{Dense: &sdk.DenseVector{Data: one.dense}}}
		case name == "lexical" && one.lexical:
			named[name] = &sdk.VectorOutput{Vector: &sdk.VectorOutput_Sparse{Sparse: &sdk.SparseVector{Indices: one.indices, Values: one.weights}}}
		}
	}
	if vectors != nil {
		shown.Vectors = &sdk.VectorsOutput{VectorsOptions: &sdk.VectorsOutput_Vectors{Vectors: &sdk.NamedVectorsOutput{Vectors: named}}}
	}
	return shown
}

func (one *point) selected(selector *sdk.WithPayloadSelector) map[string]*sdk.Value {
	if selector.GetEnable() {
		return maps.Clone(one.payload)
	}
	kept := map[string]*sdk.Value{}
	for _, key := range selector.GetInclude().GetFields() {
		if v, held := one.payload[key]; held {
			kept[key] = v
		}
	}
	return kept
}
