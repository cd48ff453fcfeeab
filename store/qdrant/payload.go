package qdrant

import (
	"fmt"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
)

// passagePoint returns the point of one chunk.
func passagePoint(e *store.Entry, p *store.Point, pipeline string, sequence int64) *sdk.PointStruct {
	payload := filterable(&e.Document)
	payload[keyKind] = sdk.NewValueString(kindPassage)
	payload[keyTitle] = sdk.NewValueString(e.Document.Title)
	payload[keyURL] = sdk.NewValueString(e.Document.URL)
	payload[keyText] = sdk.NewValueString(p.Chunk.Text)
	if len(p.Chunk.Headings) > 0 {
		payload[keyHeadings] = stringList(p.Chunk.Headings)
	}
	payload[keySpan] = sdk.NewValueFromList(sdk.NewValueInt(int64(p.Chunk.Span.Start)), sdk.NewValueInt(int64(p.Chunk.Span.End)))
	payload[keyOrdinal] = sdk.NewValueInt(int64(p.Chunk.Ordinal))
	payload[keyRevision] = sdk.NewValueString(p.Chunk.Revision)
	payload[keyPipeline] = sdk.NewValueString(pipeline)
	payload[keySequence] = sdk.NewValueInt(sequence)
	vectors := map[string]*sdk.Vector{denseVector: sdk.NewVectorDense(p.Dense)}
	if p.Sparse.Len() > 0 {
		vectors[lexicalVector] = sdk.NewVectorSparse(p.Sparse.Dimensions, p.Sparse.Weights)
	}
	return &sdk.PointStruct{Id: pointID(p.Chunk.ID), Vectors: sdk.NewVectorsMap(vectors), Payload: payload}
}

// filterable returns the fields that filters can name, except the document's id. A
// field that the document does not have is left out, so that it matches nothing.
func filterable(d *corpus.Document) map[string]*sdk.Value {
	payload := map[string]*sdk.Value{keyDocumentID: sdk.NewValueString(d.ID)}
	for key, value := range map[string]string{keyLanguage: d.Language, keySource: d.Source, keyAuthor: d.Author} {
		if value != "" {
			payload[key] = sdk.NewValueString(value)
		}
	}
	if len(d.Tags) > 0 {
		payload[keyTags] = stringList(d.Tags)
	}
	if len(d.Groups) > 0 {
		payload[keyGroups] = stringList(d.Groups)
	}
	tenantField(d.ID, payload)
	if !d.PublishedAt.IsZero() {
		t := d.PublishedAt.UTC()
		payload[keyPublished] = sdk.NewValueString(t.Format(time.RFC3339Nano))
		payload[keyNanoseconds] = sdk.NewValueInt(int64(t.Nanosecond() % 1000))
	}
	lifeOf(d, payload)
	filterableMetadata(d.Metadata, payload)
	return payload
}

func stringList(values []string) *sdk.Value {
	list := make([]*sdk.Value, len(values))
	for i, v := range values {
		list[i] = sdk.NewValueString(v)
	}
	return sdk.NewValueFromList(list...)
}

func texts(v *sdk.Value) []string {
	var values []string
	for _, item := range v.GetListValue().GetValues() {
		values = append(values, item.GetStringValue())
	}
	return values
}

// documentFields are the payload keys that document reads.
var documentFields = []string{keyTitle, keyURL, keyLanguage, keySource, keyAuthor, keyTags, keyPublished, keyMetaMap, keyTyped, keyRoot, keyFingerprint, keyGroups}

func document(payload map[string]*sdk.Value) (corpus.Document, error) {
	text := func(key string) string { return payload[key].GetStringValue() }
	d := corpus.Document{
		ID: text(keyDocumentID), Title: text(keyTitle), URL: text(keyURL), Source: text(keySource), Language: text(keyLanguage),
		Author: text(keyAuthor), Tags: texts(payload[keyTags]), Groups: texts(payload[keyGroups]), Root: text(keyRoot),
		ETag: store.Content(text(keyFingerprint)),
	}
	readLife(payload, &d)
	if published := text(keyPublished); published != "" {
		t, err := time.Parse(time.RFC3339Nano, published)
		if err != nil {
			return d, fmt.Errorf("%w: document %q: %s: %w", corpus.ErrCorrupt, d.ID, keyPublished, err)
		}
		d.PublishedAt = t
	}
	d.Metadata = metadataOf(payload)
	return d, nil
}

func pointID(id corpus.ChunkID) *sdk.PointId { return sdk.NewIDUUID(id.String()) }

func pointIDs(ids []corpus.ChunkID) []*sdk.PointId {
	points := make([]*sdk.PointId, len(ids))
	for i, id := range ids {
		points[i] = pointID(id)
	}
	return points
}

func chunkID(id *sdk.PointId) (corpus.ChunkID, error) {
	parsed, err := corpus.ParseChunkID(id.GetUuid())
	if err != nil {
		return parsed, fmt.Errorf("%w: the collection has a point %v that Dalil did not write", corpus.ErrCorrupt, id)
	}
	return parsed, nil
}
