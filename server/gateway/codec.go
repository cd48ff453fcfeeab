package gateway

import (
	"errors"
	"io"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/protobuf/proto"

	"dalil/corpus"
	"dalil/proto/wirejson"
)

const jsonType = "application/json"

// codec writes and reads messages as package wirejson does.
type codec struct{}

func (codec) ContentType(any) string { return jsonType }

// Marshal writes one line.
func (codec) Marshal(v any) ([]byte, error) {
	m, ok := v.(proto.Message)
	if !ok {
		return nil, errors.New("the answer is not a message")
	}
	line, err := wirejson.Marshal(m)
	return append(line, '\n'), err
}

func (codec) Unmarshal(data []byte, v any) error {
	m, ok := v.(proto.Message)
	if !ok {
		return errors.New("the request is not a message")
	}
	return wirejson.Unmarshal(data, m)
}

func (c codec) NewEncoder(w io.Writer) runtime.Encoder {
	return runtime.EncoderFunc(func(v any) error {
		line, err := c.Marshal(v)
		if err == nil {
			_, err = w.Write(line)
		}
		return err
	})
}

// bodyField is the field whose members the body of a document's request has.
const bodyField = "document"

// NewDecoder reads the whole body. The target is a message, or a pointer to a field
// of the request that is one. An empty body is a message without fields.
func (c codec) NewDecoder(r io.Reader) runtime.Decoder {
	return runtime.DecoderFunc(func(v any) error {
		data, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		if len(data) == 0 {
			return io.EOF // which the caller takes for an empty message
		}
		if m, whole := v.(proto.Message); whole {
			return wirejson.Unmarshal(data, m)
		}
		field := reflect.ValueOf(v).Elem()
		field.Set(reflect.New(field.Type().Elem()))
		m, ok := field.Interface().(proto.Message)
		if !ok {
			return errors.New("the body is not a message")
		}
		return inBody(wirejson.Unmarshal(data, m))
	})
}

// inBody names the fields of an error as the request does.
func inBody(err error) error {
	var invalid *corpus.InvalidError
	if errors.As(err, &invalid) {
		for i, v := range invalid.Violations {
			if v.Field != "request" {
				invalid.Violations[i].Field = bodyField + "." + v.Field
			}
		}
	}
	return err
}

// queries reads the query of an address into a request.
type queries struct{}

// Parse refuses what the request does not have, and what its path or body has.
func (queries) Parse(m proto.Message, values url.Values, bound *utilities.DoubleArray) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if bound.HasCommonPrefix(strings.Split(name, ".")) {
			return corpus.Invalid(name, "must not be in the query: it is in the path or in the body")
		}
		if err := wirejson.Set(m, name, values[name]); err != nil {
			return err
		}
	}
	return nil
}
