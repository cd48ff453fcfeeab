package codec

import (
	"strings"

	"google.golang.org/grpc/mem"
	protobuf "google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// marshalMended encodes a message with protobuf. If it refuses a string that is not valid
// UTF-8, the strings of a copy are made valid: encoding checks all strings anyway.
func marshalMended(v any) (mem.BufferSlice, error) {
	data, err := wellKnown.Marshal(v)
	if m, is := v.(protobuf.Message); is && notUTF8(err) {
		return wellKnown.Marshal(mended(m))
	}
	return data, err
}

// appendMended is marshalMended for a message in another one.
func appendMended(b []byte, m protobuf.Message) ([]byte, error) {
	to, err := protobuf.MarshalOptions{}.MarshalAppend(b, m)
	if notUTF8(err) {
		return protobuf.MarshalOptions{}.MarshalAppend(b, mended(m))
	}
	return to, err
}

func notUTF8(err error) bool { return err != nil && strings.Contains(err.Error(), "UTF-8") }

func mended(m protobuf.Message) protobuf.Message {
	m = protobuf.Clone(m)
	mend(m.ProtoReflect())
	return m
}

// mend makes the strings of a message valid, also those of the messages in it.
func mend(m protoreflect.Message) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.IsList():
			for i, list := 0, v.List(); i < list.Len(); i++ {
				if mended, changed := mendOne(f, list.Get(i)); changed {
					list.Set(i, mended)
				}
			}
		case f.IsMap():
			mendMap(f, v.Map())
		default:
			if mended, changed := mendOne(f, v); changed {
				m.Set(f, mended)
			}
		}
		return true
	})
}

// mendMap makes the keys and values of a map valid.
func mendMap(f protoreflect.FieldDescriptor, all protoreflect.Map) {
	var keys []protoreflect.MapKey
	all.Range(func(key protoreflect.MapKey, _ protoreflect.Value) bool {
		keys = append(keys, key)
		return true
	})
	for _, key := range keys {
		mendedKey, otherKey := mendOne(f.MapKey(), key.Value())
		mended, other := mendOne(f.MapValue(), all.Get(key))
		if otherKey {
			all.Clear(key)
		}
		if otherKey || other {
			all.Set(mendedKey.MapKey(), mended)
		}
	}
}

func mendOne(f protoreflect.FieldDescriptor, v protoreflect.Value) (mended protoreflect.Value, changed bool) {
	switch f.Kind() {
	case protoreflect.MessageKind, protoreflect.GroupKind:
		mend(v.Message())
	case protoreflect.StringKind:
		if !valid(v.String()) {
			return protoreflect.ValueOfString(strings.ToValidUTF8(v.String(), "\uFFFD")), true
		}
	}
	return v, false
}
