package server

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// Decoding may take many times the bytes of a message: an empty tag has two
// bytes on the wire and sixteen in memory, an entry of a map far more. So the
// fields of a message are counted before it is decoded.

// messageFields is the largest number of fields, on all levels together, of a
// message without a document. It is several times that of the largest filter.
const messageFields = 4096

// batchFields is how many fields a request of a batch has on average, at most. It is
// about twice that of the largest filter.
const batchFields = 512

// besideTimes is by what factor the encoded fields of a document other than text
// and body may exceed their limit, because the encoding adds bytes that the limit
// does not count.
const besideTimes = 4

// weigh returns an error for a message that would need far more memory than it has
// bytes. If a document causes that, the message keeps only its id, so that the
// document can fail alone.
func (b *inbox) weigh(data []byte, message protoreflect.Message) ([]byte, error) {
	b.refused = nil
	switch message.Interface().(type) {
	case *dalilv1.UpsertDocumentsRequest:
		return data, b.weighBatch(data, 1, 1)
	case *dalilv1.UpsertDocumentRequest, *dalilv1.IngestDocumentsRequest, *dalilv1.PreviewDocumentRequest, *dalilv1.UpdateDocumentRequest:
		document := message.Descriptor().Fields().ByName("document").Number()
		n, reduced := documentBeside(data, document)
		most := b.options.Limits.MetadataBytes
		if n > besideTimes*most {
			b.refused = &corpus.InvalidError{Violations: []corpus.Violation{corpus.TooMuchMetadata("document", n, most)}}
			return reduced, nil
		}
	case *dalilv1.BatchSearchRequest:
		return data, atMostFields(data, message.Descriptor(), b.options.Limits.Batch*batchFields+max(messageFields, 16*b.options.Limits.FilterClauses))
	case *dalilv1.CompareCollectionsRequest:
		return data, atMostFields(data, message.Descriptor(), corpus.MaxCompared+messageFields)
	default:
		return data, atMostFields(data, message.Descriptor(), max(messageFields, 16*b.options.Limits.FilterClauses))
	}
	return data, nil
}

func atMostFields(data []byte, of protoreflect.MessageDescriptor, most int) error {
	if n := countFields(data, of, most, 0); n > most {
		return limited("request", fmt.Sprintf("has more than %d fields and values", most), fmt.Sprint(most), fmt.Sprintf("more than %d", most))
	}
	return nil
}

// countFields counts the fields of a message on all levels. It stops just above
// most. The decoder reports what cannot be parsed.
func countFields(data []byte, of protoreflect.MessageDescriptor, most, depth int) int {
	n := 0
	for len(data) > 0 && n <= most {
		number, kind, head := protowire.ConsumeTag(data)
		if head < 0 {
			return n
		}
		body := protowire.ConsumeFieldValue(number, kind, data[head:])
		if body < 0 {
			return n
		}
		n++
		if field := of.Fields().ByNumber(number); field != nil && field.Message() != nil && kind == protowire.BytesType {
			if depth >= messageFields {
				return most + 1
			}
			inner, _ := protowire.ConsumeBytes(data[head:])
			n += countFields(inner, field.Message(), most-n, depth+1)
		}
		data = data[head+body:]
	}
	return n
}

// documentBeside returns the bytes of a request's document other than id, text and
// body, and the request with only the id in its document.
func documentBeside(data []byte, document protowire.Number) (beside int, reduced []byte) {
	rest := data
	for len(rest) > 0 {
		number, kind, head := protowire.ConsumeTag(rest)
		if head < 0 {
			return beside, data
		}
		body := protowire.ConsumeFieldValue(number, kind, rest[head:])
		if body < 0 {
			return beside, data
		}
		if number == document && kind == protowire.BytesType {
			inner, _ := protowire.ConsumeBytes(rest[head:])
			n, id := fieldsBeside(inner)
			beside += n
			reduced = protowire.AppendBytes(protowire.AppendTag(reduced, document, protowire.BytesType), id)
		} else if kind == protowire.VarintType && len(reduced) < smallMessage {
			reduced = append(reduced, rest[:head+body]...)
		}
		rest = rest[head+body:]
	}
	return beside, reduced
}

// fieldsBeside does the same for an encoded document. Repeated text and body fields
// count with their tags.
func fieldsBeside(data []byte) (beside int, id []byte) {
	for len(data) > 0 {
		number, kind, head := protowire.ConsumeTag(data)
		if head < 0 {
			return beside, id
		}
		body := protowire.ConsumeFieldValue(number, kind, data[head:])
		if body < 0 {
			return beside, id
		}
		switch {
		case number > 3:
			beside += head + body
		case number == 1 && kind == protowire.BytesType:
			id = data[:head+body]
			fallthrough
		default:
			beside += head
		}
		data = data[head+body:]
	}
	return beside, id
}
