package server

import (
	"strings"

	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	protobuf "google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// mending encodes messages as another codec does. If a string is not valid UTF-8, which an
// older or a damaged index may have, it is made valid. Encoding checks all strings anyway,
// so that answers need no check of their own.
type mending struct{ encoding.CodecV2 }

func (c mending) Marshal(v any) (mem.BufferSlice, error) {
	data, err := c.CodecV2.Marshal(v)
	m, is := v.(protobuf.Message)
	if err == nil || !is || !strings.Contains(err.Error(), "UTF-8") {
		return data, err
	}
	m = protobuf.Clone(m)
	mend(m.ProtoReflect())
	return c.CodecV2.Marshal(m)
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
		if s := valid(v.String()); s != v.String() {
			return protoreflect.ValueOfString(s), true
		}
	}
	return v, false
}
