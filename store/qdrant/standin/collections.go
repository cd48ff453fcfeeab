package standin

import (
	"context"
	"maps"
	"slices"

	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// collection is one collection's points, by id.
type collection struct {
	size     uint64 // of the dense vector
	metadata map[string]*sdk.Value
	strict   *sdk.StrictModeConfig
	indexed  map[string]sdk.FieldType
	points   map[string]*point
}

// Create makes a collection.
func (s *Server) Create(_ context.Context, r *sdk.CreateCollection) (*sdk.CollectionOperationResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.collections[r.GetCollectionName()]; taken {
		return nil, status.Errorf(codes.AlreadyExists, "Wrong input: Collection `%s` already exists!", r.GetCollectionName())
	}
	dense := r.GetVectorsConfig().GetParamsMap().GetMap()["dense"]
	sparse := r.GetSparseVectorsConfig().GetMap()["lexical"]
	if dense == nil || dense.GetDistance() != sdk.Distance_Cosine || sparse == nil || sparse.GetModifier() != sdk.Modifier_Idf {
		return nil, unknown("a layout other than a dense cosine and a lexical IDF vector")
	}
	s.collections[r.GetCollectionName()] = &collection{
		size: dense.GetSize(), metadata: r.GetMetadata(), indexed: map[string]sdk.FieldType{}, points: map[string]*point{},
	}
	return &sdk.CollectionOperationResponse{Result: true}, nil
}

// params describe the vectors.
func (c *collection) params() *sdk.CollectionParams {
	return &sdk.CollectionParams{
		VectorsConfig:       sdk.NewVectorsConfigMap(map[string]*sdk.VectorParams{"dense": {Size: c.size, Distance: sdk.Distance_Cosine}}),
		SparseVectorsConfig: sdk.NewSparseVectorsConfig(map[string]*sdk.SparseVectorParams{"lexical": {Modifier: sdk.Modifier_Idf.Enum()}}),
	}
}

// Update merges metadata.
func (s *Server) Update(_ context.Context, r *sdk.UpdateCollection) (*sdk.CollectionOperationResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.find(r.GetCollectionName())
	if err != nil {
		return nil, err
	}
	if c.metadata == nil {
		c.metadata = map[string]*sdk.Value{}
	}
	maps.Copy(c.metadata, r.GetMetadata())
	if r.GetStrictModeConfig() != nil {
		c.strict = r.GetStrictModeConfig()
	}
	return &sdk.CollectionOperationResponse{Result: true}, nil
}

// Delete removes a collection and its aliases.
func (s *Server) Delete(_ context.Context, r *sdk.DeleteCollection) (*sdk.CollectionOperationResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := r.GetCollectionName()
	_, held := s.collections[name]
	delete(s.collections, name)
	maps.DeleteFunc(s.aliases, func(_, target string) bool { return target == name })
	return &sdk.CollectionOperationResponse{Result: held}, nil
}

// Get describes a collection.
func (s *Server) Get(_ context.Context, r *sdk.GetCollectionInfoRequest) (*sdk.GetCollectionInfoResponse, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, err := s.find(r.GetCollectionName())
	if err != nil {
		return nil, err
	}
	schema := map[string]*sdk.PayloadSchemaInfo{}
	for field := range c.indexed {
		held := uint64(0)
		for _, one := range c.points {
			if len(values(one.payload, field)) > 0 {
				held++
			}
		}
		schema[field] = &sdk.PayloadSchemaInfo{Points: &held}
	}
	return &sdk.GetCollectionInfoResponse{Result: &sdk.CollectionInfo{
		Status: sdk.CollectionStatus_Green, PointsCount: sdk.PtrOf(uint64(len(c.points))), PayloadSchema: schema,
		Config: &sdk.CollectionConfig{Metadata: maps.Clone(c.metadata), Params: c.params(), StrictModeConfig: c.strict},
	}}, nil
}

// List names the collections.
func (s *Server) List(context.Context, *sdk.ListCollectionsRequest) (*sdk.ListCollectionsResponse, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	answer := &sdk.ListCollectionsResponse{}
	for _, name := range slices.Sorted(maps.Keys(s.collections)) {
		answer.Collections = append(answer.Collections, &sdk.CollectionDescription{Name: name})
	}
	return answer, nil
}

// CollectionExists reports whether a collection or an alias exists.
func (s *Server) CollectionExists(_ context.Context, r *sdk.CollectionExistsRequest) (*sdk.CollectionExistsResponse, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, err := s.find(r.GetCollectionName())
	return &sdk.CollectionExistsResponse{Result: &sdk.CollectionExists{Exists: err == nil}}, nil
}

// ListAliases returns the targets of all aliases.
func (s *Server) ListAliases(context.Context, *sdk.ListAliasesRequest) (*sdk.ListAliasesResponse, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	answer := &sdk.ListAliasesResponse{}
	for _, name := range slices.Sorted(maps.Keys(s.aliases)) {
		answer.Aliases = append(answer.Aliases, &sdk.AliasDescription{AliasName: name, CollectionName: s.aliases[name]})
	}
	return answer, nil
}

// UpdateAliases makes all changes or none.
func (s *Server) UpdateAliases(_ context.Context, r *sdk.ChangeAliases) (*sdk.CollectionOperationResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	changed := maps.Clone(s.aliases)
	for _, action := range r.GetActions() {
		switch a := action.GetAction().(type) {
		case *sdk.AliasOperations_CreateAlias:
			if _, err := s.find(a.CreateAlias.GetCollectionName()); err != nil {
				return nil, err
			}
			changed[a.CreateAlias.GetAliasName()] = a.CreateAlias.GetCollectionName()
		case *sdk.AliasOperations_DeleteAlias:
			if _, held := changed[a.DeleteAlias.GetAliasName()]; !held {
				return nil, status.Errorf(codes.NotFound, "Not found: Alias %s does not exists!", a.DeleteAlias.GetAliasName())
			}
			delete(changed, a.DeleteAlias.GetAliasName())
		default:
			return nil, unknown("this change of an alias")
		}
	}
	s.aliases = changed
	return &sdk.CollectionOperationResponse{Result: true}, nil
}
