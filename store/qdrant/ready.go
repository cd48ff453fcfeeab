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

// checkVectors refuses a collection whose vectors are not as its settings say.
func checkVectors(name string, info *sdk.CollectionInfo, dimensions int) error {
	params := info.GetConfig().GetParams()
	if params == nil {
		return nil // the server does not describe it
	}
	dense := params.GetVectorsConfig().GetParamsMap().GetMap()[denseVector]
	_, sparse := params.GetSparseVectorsConfig().GetMap()[lexicalVector]
	switch {
	case dense == nil || !sparse:
		return corpus.Errorf(corpus.ErrModelMismatch, "collection %s has no vectors %q and %q: it was changed or replaced by another program; build a new one with \"dalil index --rebuild\"", name, denseVector, lexicalVector)
	case dense.GetSize() != uint64(dimensions):
		return corpus.Errorf(corpus.ErrModelMismatch, "the vectors of collection %s have %d dimensions, the model that built it gives %d: it was changed or replaced by another program; build a new one with \"dalil index --rebuild\"", name, dense.GetSize(), dimensions)
	}
	return nil
}

// usualLimit is how many candidates an arm of a question asks for where this
// store has seen none yet.
const usualLimit = 100

// Ready asks the server whether it answers, and the collection whether it takes
// writes and answers a question as deep as the deepest that this store was asked.
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

// tryQuestion asks both arms for what a question asks.
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

// leastConditions is how many conditions the filters of a write have.
const leastConditions = 4

// checkStrict refuses a collection whose strict mode forbids what every write
// needs.
func checkStrict(name string, info *sdk.CollectionInfo) error {
	strict := info.GetConfig().GetStrictModeConfig()
	if !strict.GetEnabled() {
		return nil
	}
	if n := strict.FilterMaxConditions; n != nil && *n < leastConditions {
		return corpus.Refused("strict mode of collection %s allows %d conditions in a filter (filter_max_conditions), writing needs %d: raise it", name, *n, leastConditions)
	}
	return nil
}
