package qdrant

import (
	"context"
	"fmt"
	"slices"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
)

// manifest is the commit record of one document. It is a point without vectors,
// whose id is the document's key. Readers ignore passages of another revision or
// beyond its count.
type manifest struct {
	documentID  string
	revision    string
	fingerprint string
	sequence    int64
	chunks      int
	deleted     bool
	life        life
	version     *int64         // of its source; nil: none. Deleted documents have one too.
	first       corpus.ChunkID // of its passages
	payload     map[string]*sdk.Value
}

// holds reports whether the id is that of a passage of the committed revision.
func (m *manifest) holds(id corpus.ChunkID) bool {
	return m != nil && !m.deleted && id.First() == m.first && id.Ordinal() < m.chunks
}

// commitFields are the payload keys that judge needs.
var commitFields = []string{keyKind, keyDocumentID, keyRevision, keySequence, keyChunks, keyExpires, keyVisible, keyVersion}

func readManifest(payload map[string]*sdk.Value) *manifest {
	m := &manifest{
		documentID: payload[keyDocumentID].GetStringValue(), revision: payload[keyRevision].GetStringValue(),
		fingerprint: payload[keyFingerprint].GetStringValue(), sequence: payload[keySequence].GetIntegerValue(),
		chunks: int(payload[keyChunks].GetIntegerValue()), deleted: payload[keyKind].GetStringValue() == kindDeleted,
		payload: payload, life: readBounds(payload), version: versionOf(payload),
	}
	m.first = corpus.NewChunkID(m.documentID, m.revision, 0)
	return m
}

// of reports whether the document is of a tenant.
func (m *manifest) of(tenant string) bool {
	held, _ := corpus.SplitKey(m.documentID)
	return held == tenant
}

// plainID returns the document's id within its tenant.
func (m *manifest) plainID() string {
	_, id := corpus.SplitKey(m.documentID)
	return id
}

func (m *manifest) info(now time.Time) (store.Record, error) {
	d, err := document(m.payload)
	return store.Record{Document: d, Fingerprint: m.fingerprint, Revision: m.revision, Chunks: m.chunks, UpdatedAt: when(m.sequence), Expired: m.life.expired(now)}, err
}

// bare returns a copy with the fields that judge needs, for the cache.
func (m *manifest) bare() *manifest {
	kept := *m
	kept.payload = nil
	return &kept
}

// manifestPoint returns the point that commits an entry.
func manifestPoint(e *store.Entry, pipeline string, sequence int64) *sdk.PointStruct {
	return manifestOf(&e.Document, e.Fingerprint, revision(e), len(e.Points), pipeline, sequence)
}

// manifestOf returns the manifest of a document with its number of passages.
func manifestOf(d *corpus.Document, fingerprint, revision string, chunks int, pipeline string, sequence int64) *sdk.PointStruct {
	payload := filterable(d)
	payload[keyKind] = sdk.NewValueString(kindDocument)
	idNumbers(d.ID, payload)
	payload[keyTitle] = sdk.NewValueString(d.Title)
	payload[keyURL] = sdk.NewValueString(d.URL)
	payload[keyFingerprint] = sdk.NewValueString(fingerprint)
	payload[keyRevision] = sdk.NewValueString(revision)
	payload[keyChunks] = sdk.NewValueInt(int64(chunks))
	payload[keyPipeline] = sdk.NewValueString(pipeline)
	payload[keySequence] = sdk.NewValueInt(sequence)
	if d.SourceVersion != nil {
		payload[keyVersion] = sdk.NewValueInt(*d.SourceVersion)
	}
	if d.Root != "" {
		payload[keyRoot] = sdk.NewValueString(d.Root)
	}
	metadataMap(d.Metadata, payload)
	return &sdk.PointStruct{Id: pointID(corpus.DocumentKey(d.ID)), Vectors: noVectors(), Payload: payload}
}

// tombstone is the manifest of a document that went, with its source version, if any.
func tombstone(id string, sequence int64, version *int64) *sdk.PointStruct {
	payload := map[string]*sdk.Value{
		keyKind: sdk.NewValueString(kindDeleted), keyDocumentID: sdk.NewValueString(id), keySequence: sdk.NewValueInt(sequence),
	}
	if version != nil {
		payload[keyVersion] = sdk.NewValueInt(*version)
	}
	tenantField(id, payload)
	return &sdk.PointStruct{Id: pointID(corpus.DocumentKey(id)), Vectors: noVectors(), Payload: payload}
}

func noVectors() *sdk.Vectors { return sdk.NewVectorsMap(map[string]*sdk.Vector{}) }

func revision(e *store.Entry) string {
	if len(e.Points) == 0 {
		return ""
	}
	return e.Points[0].Chunk.Revision
}

// manifests reads the manifests of the keys that exist, including tombstones.
func (s *Store) manifests(ctx context.Context, how retry, collection string, keys []corpus.ChunkID, fields ...string) (map[corpus.ChunkID]*manifest, error) {
	held := make(map[corpus.ChunkID]*manifest, len(keys))
	for len(keys) > 0 {
		n := min(len(keys), readBatch)
		points, err := s.get(ctx, how, collection, pointIDs(keys[:n]), sdk.NewWithPayloadInclude(slices.Concat(fields, commitFields)...), nil)
		if err != nil {
			return nil, err
		}
		for _, p := range points {
			key, err := chunkID(p.GetId())
			if err != nil {
				return nil, err
			}
			held[key] = readManifest(p.GetPayload())
		}
		keys = keys[n:]
	}
	return held, nil
}

// readBatch is the largest number of points that one request reads.
const readBatch = 1000

func (s *Store) get(ctx context.Context, how retry, collection string, ids []*sdk.PointId, payload *sdk.WithPayloadSelector, vectors *sdk.WithVectorsSelector) (points []*sdk.RetrievedPoint, err error) {
	err = s.call(ctx, how, fmt.Sprintf("get %d points", len(ids)), func(ctx context.Context) (err error) {
		points, err = s.client.Get(ctx, &sdk.GetPoints{CollectionName: collection, Ids: ids, WithPayload: payload, WithVectors: vectors})
		return err
	})
	return points, err
}
