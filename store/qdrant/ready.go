package qdrant

import (
	"context"
	"math"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
)

// info describes a collection.
func (s *Store) info(ctx context.Context, how retry, name string) (info *sdk.CollectionInfo, err error) {
	err = s.call(ctx, how, "describe collection "+name, func(ctx context.Context) (err error) {
		info, err = s.client.GetCollectionInfo(ctx, name)
		return err
	})
	return info, err
}

// checkVectors returns an error if the collection's vectors do not match its settings.
func checkVectors(name string, info *sdk.CollectionInfo, dimensions int) error {
	params := info.GetConfig().GetParams()
	if params == nil {
		return nil // the server does not describe its vectors
	}
	dense := params.GetVectorsConfig().GetParamsMap().GetMap()[denseVector]
	_, sparse := params.GetSparseVectorsConfig().GetMap()[lexicalVector]
	switch {
	case dense == nil || !sparse:
		return corpus.Errorf(corpus.ErrModelMismatch, "collection %s has no vectors %q and %q: it was changed or replaced by another program; build a new one with \"dalil index --rebuild\"", name, denseVector, lexicalVector)
	case dense.GetSize() != uint64(dimensions):
		return corpus.Errorf(corpus.ErrModelMismatch, "the vectors of collection %s have %d dimensions, but the model that built it has %d: it was changed or replaced by another program; build a new one with \"dalil index --rebuild\"", name, dense.GetSize(), dimensions)
	}
	return nil
}

// usualLimit is the number of candidates of an arm that Ready uses before the first
// question.
const usualLimit = 100

// Ready checks that the server answers, that the collection accepts writes, and
// that it answers a search with as many candidates as the largest so far.
func (s *Store) Ready(ctx context.Context) error {
	name, err := s.at(ctx, s.asking())
	if err != nil || name == "" {
		return err
	}
	info, err := s.info(ctx, s.asking(), name)
	if err != nil {
		return err
	}
	if info.GetStatus() == sdk.CollectionStatus_Red {
		return corpus.Errorf(corpus.ErrUnavailable, "collection %s is red: %s", name, info.GetOptimizerStatus().GetError())
	}
	if err := checkVectors(name, info, s.options.Pipeline.Dimensions); err != nil {
		return err
	}
	if err := checkStrict(name, info); err != nil {
		return err
	}
	return s.tryQuestion(ctx, name)
}

// tryQuestion runs both arms as a question does.
func (s *Store) tryQuestion(ctx context.Context, name string) error {
	limit := uint64(max(s.deepest.Load(), usualLimit+slack))
	vector := make([]float32, s.options.Pipeline.Dimensions)
	vector[0] = 1
	request := &sdk.QueryBatchPoints{CollectionName: name, QueryPoints: []*sdk.QueryPoints{
		{
			CollectionName: name, Limit: &limit, WithPayload: sdk.NewWithPayload(false),
			Using: sdk.PtrOf(denseVector), Query: sdk.NewQueryDense(vector), Params: s.approximate(0),
		},
		{
			CollectionName: name, Limit: &limit, WithPayload: sdk.NewWithPayload(false),
			Using: sdk.PtrOf(lexicalVector), Query: sdk.NewQuerySparse([]uint32{math.MaxUint32}, []float32{1}),
		},
	}}
	return s.read(ctx, "ask a question of collection "+name, func(ctx context.Context) error {
		_, err := s.client.QueryBatch(ctx, request)
		return err
	})
}

// leastConditions is the number of conditions in the filters of a write.
const leastConditions = 4

// checkStrict returns an error if the collection's strict mode forbids what every
// write needs.
func checkStrict(name string, info *sdk.CollectionInfo) error {
	strict := info.GetConfig().GetStrictModeConfig()
	if !strict.GetEnabled() {
		return nil
	}
	if n := strict.FilterMaxConditions; n != nil && *n < leastConditions {
		return corpus.Refused("the strict mode of collection %s allows %d conditions in a filter (filter_max_conditions), but writing needs %d; raise the limit", name, *n, leastConditions)
	}
	return nil
}
