package main

import (
	"strings"
	"unicode"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

func ref(name string) object { return object{"$ref": "#/components/schemas/" + name} }

func wellKnown(m *protogen.Message) bool { return m.Desc.FullName().Parent() == "google.protobuf" }

// message returns a reference to the schema of a message, and notes that it and its fields are used.
func (d *document) message(m *protogen.Message, in map[string]*protogen.Message) object {
	name := nameOf(m)
	if in[name] == nil {
		in[name] = m
		for _, f := range m.Fields {
			d.field(f, in)
		}
	}
	return ref(name)
}

// nameOf is the name of a message in the document; a nested one has that of its parent before it.
func nameOf(m *protogen.Message) string {
	return strings.ReplaceAll(strings.TrimPrefix(string(m.Desc.FullName()), string(m.Desc.ParentFile().Package())+"."), ".", "")
}

// body is a message whose bound fields need not be in the body, because the path has them.
func (d *document) body(m *protogen.Message, bound map[string]bool, field string) object {
	d.message(m, d.asked)
	inside := map[string]bool{}
	for path := range bound {
		if name, ok := strings.CutPrefix(path, field+"."); ok {
			inside[name] = true
		}
	}
	if len(inside) == 0 {
		return ref(nameOf(m))
	}
	d.bodies[nameOf(m)+"Members"] = body{m, inside}
	return ref(nameOf(m) + "Members")
}

func (d *document) field(f *protogen.Field, in map[string]*protogen.Message) object {
	switch {
	case f.Desc.IsMap():
		return object{"type": "object", "additionalProperties": d.field(f.Message.Fields[1], in)}
	case f.Desc.IsList():
		return object{"type": "array", "items": d.single(f, in)}
	}
	return d.single(f, in)
}

func (d *document) single(f *protogen.Field, in map[string]*protogen.Message) object {
	switch f.Desc.Kind() {
	case protoreflect.MessageKind:
		if known, ok := formats[f.Message.Desc.FullName()]; ok {
			return known()
		}
		return d.message(f.Message, in)
	case protoreflect.EnumKind:
		name := string(f.Enum.Desc.Name())
		d.enums[name] = f.Enum
		return ref(name)
	case protoreflect.StringKind:
		return object{"type": "string"}
	case protoreflect.BoolKind:
		return object{"type": "boolean"}
	case protoreflect.BytesKind:
		return object{"type": "string", "contentEncoding": "base64"}
	case protoreflect.FloatKind:
		return object{"type": "number", "format": "float"}
	case protoreflect.DoubleKind:
		return object{"type": "number", "format": "double"}
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return object{"type": "integer", "format": "int64"}
	}
	return object{"type": "integer", "format": "int32"}
}

// formats are the messages of protobuf that JSON has as something else.
var formats = map[protoreflect.FullName]func() object{
	"google.protobuf.Timestamp": func() object { return object{"type": "string", "format": "date-time"} },
	"google.protobuf.Duration":  func() object { return object{"type": "string", "pattern": `^-?[0-9]+(\.[0-9]{1,9})?s$`} },
	"google.protobuf.FieldMask": func() object { return object{"type": "string"} },
	"google.protobuf.Value": func() object {
		return object{"type": []any{"string", "number", "boolean", "array"}, "items": object{"type": "string"}}
	},
}

// schemas returns the schema of every message and enum.
func (d *document) schemas() object {
	all := object{}
	for name, m := range d.answered {
		all[name] = d.schema(m, d.asked[name] == nil, nil)
	}
	for name, m := range d.asked {
		all[name] = d.schema(m, false, nil)
	}
	for name, b := range d.bodies {
		all[name] = d.schema(b.message, false, b.bound)
	}
	for name, e := range d.enums {
		all[name] = enum(e)
	}
	return all
}

// schema describes a message. An answer has every field that cannot be unset; a request must have those that are
// required, and no others than these fields.
func (d *document) schema(m *protogen.Message, answer bool, bound map[string]bool) object {
	properties := object{}
	var must []any
	for _, f := range m.Fields {
		name := string(f.Desc.Name())
		property := d.field(f, map[string]*protogen.Message{})
		property["description"] = text(f.Comments.Leading)
		properties[name] = property
		if answer && !f.Desc.HasPresence() || !answer && required(f) && !bound[name] {
			must = append(must, name)
		}
	}
	schema := object{"type": "object", "description": text(m.Comments.Leading), "properties": properties}
	if len(must) > 0 {
		schema["required"] = must
	}
	if !answer && d.answered[nameOf(m)] == nil {
		schema["additionalProperties"] = false
	}
	return schema
}

func required(f *protogen.Field) bool {
	behaviors, ok := proto.GetExtension(f.Desc.Options(), annotations.E_FieldBehavior).([]annotations.FieldBehavior)
	for _, b := range behaviors {
		if ok && b == annotations.FieldBehavior_REQUIRED {
			return true
		}
	}
	return false
}

// enum lists the values without the prefix of their type.
func enum(e *protogen.Enum) object {
	var prefix strings.Builder
	for i, r := range string(e.Desc.Name()) {
		if unicode.IsUpper(r) && i > 0 {
			prefix.WriteByte('_')
		}
		prefix.WriteRune(unicode.ToUpper(r))
	}
	var values []any
	description := text(e.Comments.Leading)
	for _, v := range e.Values {
		name := strings.TrimPrefix(string(v.Desc.Name()), prefix.String()+"_")
		values = append(values, name)
		description += "\n\n" + name + ": " + text(v.Comments.Leading)
	}
	return object{"type": "string", "enum": values, "description": description}
}
