package qdrant

import (
	"context"
	"slices"
	"strings"

	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/store"
)

// The vectors of a passage.
const (
	denseVector   = "dense"
	lexicalVector = "lexical"
)

// The payload. A collection has five kinds of points: passages (with both vectors);
// manifests, one for each document (the commit record and the fields that all
// passages share); manifests of deleted documents, which are kept for a while
// because of late writers; tables of the vocabulary; and the journal of changes in
// progress.
const (
	keyKind        = "kind"
	keyDocumentID  = "document_id"
	keyRevision    = "revision"
	keySequence    = "sequence" // the writer's sequence; of two writes the greater one remains
	keyFingerprint = "fingerprint"
	keyPipeline    = "pipeline"
	keyChunks      = "chunks"
	keyText        = "text"
	keyHeadings    = "headings" // of the passage, the outermost first
	keySpan        = "span"     // [start, end)
	keyOrdinal     = "ordinal"
	keyTitle       = "title"
	keyURL         = "url"
	keyLanguage    = "language"
	keySource      = "source"
	keyAuthor      = "author"
	keyTags        = "tags"
	keyPublished   = "published_at"       // RFC 3339; indexed to the microsecond
	keyNanoseconds = "published_at_nanos" // below the microsecond, 0 to 999
	keyMetadata    = "metadata"           // list of key=value, and of numbers and booleans as keywordOf writes them
	keyMetaKeys    = "metadata_keys"
	keyTexts       = "metadata_texts" // strings as anchored writes them; not indexed
	keyMetaMap     = "metadata_map"   // as given; manifests only
	keyTyped       = "metadata_typed" // whether no string of metadata_map may be a number; manifests only
	keyRoot        = "root"           // manifests only
	keyNumbers     = "numbers"        // numbers of the metadata, by pathKey
	keyTimes       = "times"          // strings of the metadata that are times, by pathKey
	keyExpires     = "expires_at"     // microseconds since 1970, of documents that expire
	keyVisible     = "visible_from"   // microseconds since 1970, of documents that appear later
	keyVersion     = "source_version" // of manifests, also of deleted documents
	keyTenant      = "tenant"         // of documents of named tenants
	keyGroups      = "groups"         // that may read the document; absent: everyone
	keyWriter      = "writer"
	keyBase        = "base"       // the recount that a table adds to
	keyDone        = "done_at"    // microseconds since 1970
	keyDocuments   = "documents"  // ids
	keyNoticed     = "noticed_at" // when a healer observed the open point first, in microseconds since 1970
	keyEdited      = "edited"     // sequence of the edit that wrote a manifest; manifests of edited documents only
	keySlice       = "slice"
	keyData        = "data"
)

const (
	kindPassage    = "passage"
	kindDocument   = "document"
	kindDeleted    = "deleted"
	kindVocabulary = "vocabulary"
	kindJournal    = "journal"
	kindClaimed    = "claimed" // a point of the journal that a healer considers abandoned
)

// Layout is the layout of a new collection. Zero fields have the defaults.
type Layout struct {
	Shards           int  // number of shards; 0: the server's default (1, or in a cluster one per node)
	Replicas         int  // copies of each shard; 0: 1
	WriteConsistency int  // number of copies that must confirm a write; 0: 1. Every live copy gets the write in any case.
	OnDisk           bool // full vectors and payload on disk, quantised ones in memory
	NoQuantisation   bool // keep only float32 vectors
	M                int  // links per point in the HNSW graph; 0: DefaultM
	EfConstruct      int  // 0: DefaultEfConstruct
	IndexFrom        int  // KiB of vectors in a segment above which a graph is built; 0: the server's default
}

// The defaults are measured with the built-in model's vectors; docs/scale.md
// has the table.
const (
	DefaultM            = 32
	DefaultEfConstruct  = 256
	DefaultEffort       = 256
	DefaultOversampling = 2
)

func (l Layout) filled() Layout {
	if l.Replicas <= 0 {
		l.Replicas = 1
	}
	if l.WriteConsistency <= 0 {
		l.WriteConsistency = 1
	}
	if l.M <= 0 {
		l.M = DefaultM
	}
	if l.EfConstruct <= 0 {
		l.EfConstruct = DefaultEfConstruct
	}
	return l
}

// request returns the request that creates a collection with this layout. It uses
// the older fields for memory and disk, because every supported server understands
// them.
func (l Layout) request(name string, dimensions int) *sdk.CreateCollection {
	dense := &sdk.VectorParams{
		Size: uint64(dimensions), Distance: sdk.Distance_Cosine,
		HnswConfig: &sdk.HnswConfigDiff{M: sdk.PtrOf(uint64(l.M)), EfConstruct: sdk.PtrOf(uint64(l.EfConstruct))},
	}
	dense.OnDisk = &l.OnDisk //lint:ignore SA1019 memory is unknown to 1.16
	if !l.NoQuantisation {
		scalar := &sdk.ScalarQuantization{Type: sdk.QuantizationType_Int8, Quantile: sdk.PtrOf(float32(1))}
		scalar.AlwaysRam = sdk.PtrOf(true) //lint:ignore SA1019 memory is unknown to 1.16
		dense.QuantizationConfig = sdk.NewQuantizationScalar(scalar)
	}
	index := &sdk.SparseIndexConfig{}
	index.OnDisk = &l.OnDisk //lint:ignore SA1019 memory is unknown to 1.16
	request := &sdk.CreateCollection{
		CollectionName: name,
		VectorsConfig:  sdk.NewVectorsConfigMap(map[string]*sdk.VectorParams{denseVector: dense}),
		SparseVectorsConfig: sdk.NewSparseVectorsConfig(map[string]*sdk.SparseVectorParams{
			lexicalVector: {Modifier: sdk.Modifier_Idf.Enum(), Index: index},
		}),
		ReplicationFactor: sdk.PtrOf(uint32(l.Replicas)), WriteConsistencyFactor: sdk.PtrOf(uint32(l.WriteConsistency)),
	}
	request.OnDiskPayload = &l.OnDisk //lint:ignore SA1019 memory is unknown to 1.16
	if l.Shards > 0 {
		request.ShardNumber = sdk.PtrOf(uint32(l.Shards))
	}
	if l.IndexFrom > 0 {
		request.OptimizersConfig = &sdk.OptimizersConfigDiff{IndexingThreshold: sdk.PtrOf(uint64(l.IndexFrom))}
	}
	return request
}

// createCollection creates the collection without its payload indexes. It returns
// false if one of that name exists already.
func (s *Store) createCollection(ctx context.Context, name string, settings store.Settings) (made bool, err error) {
	request := s.options.Layout.request(name, settings.Pipeline.Dimensions)
	if request.Metadata, err = encodeSettings(settings); err != nil {
		return false, err
	}
	err = s.write(ctx, "create collection "+name, func(ctx context.Context) error {
		err := s.client.CreateCollection(ctx, request)
		made = err == nil
		if exists(err) {
			return nil
		}
		return err
	})
	return made, err
}

func exists(err error) bool {
	// The server returns INVALID_ARGUMENT or ALREADY_EXISTS, depending on its version.
	code := status.Code(err)
	return code == codes.AlreadyExists || code == codes.InvalidArgument && containsFold(err.Error(), "already exists")
}

// fields returns the indexes of every field that a filter can name, and of the
// fields that the store itself uses in conditions.
func (s *Store) fields() []*sdk.CreateFieldIndexCollection {
	tenant := sdk.NewPayloadIndexParamsKeyword(&sdk.KeywordIndexParams{IsTenant: sdk.PtrOf(true)})
	fields := []*sdk.CreateFieldIndexCollection{{FieldName: keyTenant, FieldType: sdk.FieldType_FieldTypeKeyword.Enum(), FieldIndexParams: tenant}}
	for _, key := range []string{keyKind, keyDocumentID, keyLanguage, keySource, keyAuthor, keyTags, keyMetadata, keyMetaKeys, keyGroups} {
		fields = append(fields, &sdk.CreateFieldIndexCollection{FieldName: key, FieldType: sdk.FieldType_FieldTypeKeyword.Enum()})
	}
	for _, key := range []string{keySequence, keyNanoseconds, keyDone, keyExpires, keyVisible, keyEdited} {
		fields = append(fields, &sdk.CreateFieldIndexCollection{FieldName: key, FieldType: sdk.FieldType_FieldTypeInteger.Enum()})
	}
	for level := range idLevels {
		fields = append(fields, &sdk.CreateFieldIndexCollection{FieldName: idKey(level), FieldType: sdk.FieldType_FieldTypeInteger.Enum()})
	}
	fields = append(fields, &sdk.CreateFieldIndexCollection{FieldName: keyPublished, FieldType: sdk.FieldType_FieldTypeDatetime.Enum()})
	return append(fields, s.numberFields()...)
}

// numberFields returns the indexes of the declared metadata keys.
func (s *Store) numberFields() (fields []*sdk.CreateFieldIndexCollection) {
	for _, key := range slices.Sorted(slices.Values(s.options.Numbers)) {
		fields = append(fields,
			&sdk.CreateFieldIndexCollection{FieldName: numberPath(key), FieldType: sdk.FieldType_FieldTypeFloat.Enum()},
			&sdk.CreateFieldIndexCollection{FieldName: timePath(key), FieldType: sdk.FieldType_FieldTypeDatetime.Enum()})
	}
	return fields
}

// createIndexes creates indexes that are missing. Existing ones do not change.
func (s *Store) createIndexes(ctx context.Context, name string, fields []*sdk.CreateFieldIndexCollection) error {
	for _, f := range fields {
		f.CollectionName, f.Wait = name, sdk.PtrOf(true)
		if err := s.write(ctx, "index field "+f.FieldName, func(ctx context.Context) error {
			_, err := s.client.CreateFieldIndex(ctx, f)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// fieldsOf returns the index fields that a collection was created with.
func (s *Store) fieldsOf(info *sdk.CollectionInfo) []*sdk.CreateFieldIndexCollection {
	fields := s.fields()
	if info.GetConfig().GetMetadata()[orderedKey].GetBoolValue() {
		return fields
	}
	return slices.DeleteFunc(fields, func(f *sdk.CreateFieldIndexCollection) bool { return strings.HasPrefix(f.GetFieldName(), "id_") })
}

// missingFields returns the fields for which the collection has no index.
func missingFields(fields []*sdk.CreateFieldIndexCollection, info *sdk.CollectionInfo) []*sdk.CreateFieldIndexCollection {
	return slices.DeleteFunc(fields, func(f *sdk.CreateFieldIndexCollection) bool {
		_, held := info.GetPayloadSchema()[f.GetFieldName()]
		return held
	})
}
