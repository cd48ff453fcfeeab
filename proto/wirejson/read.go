package wirejson

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dalil/corpus"
	"dalil/proto/value"
)

// maxDepth bounds how deep objects and lists may be nested.
const maxDepth = 2000

// Unmarshal reads one JSON object into the message, which it clears first. The error
// is a corpus.InvalidError that names the field; "request" if none is at fault.
func Unmarshal(data []byte, m proto.Message) error {
	proto.Reset(m)
	if !utf8.Valid(data) {
		return corpus.Invalid("request", "is not UTF-8")
	}
	d := &decoder{json: json.NewDecoder(bytes.NewReader(data))}
	d.json.UseNumber()
	if err := d.message(m.ProtoReflect(), ""); err != nil {
		return err
	}
	if _, err := d.json.Token(); !errors.Is(err, io.EOF) {
		return corpus.Invalid("request", "has more text after the object")
	}
	return nil
}

type decoder struct {
	json  *json.Decoder
	depth int
}

// named is the field of an error.
func named(path string) string {
	if path == "" {
		return "request"
	}
	return path
}

func below(path, name string) string {
	if name == "" {
		name = `""`
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

func (d *decoder) token() (json.Token, error) {
	token, err := d.json.Token()
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return token, nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, corpus.Invalid("request", "is not valid JSON: it ends before the object does")
	case errors.As(err, &syntax):
		return nil, corpus.Invalid("request", fmt.Sprintf("is not valid JSON: there is a mistake near byte %d", syntax.Offset))
	}
	return nil, corpus.Invalid("request", "is not valid JSON")
}

// message reads an object.
func (d *decoder) message(m protoreflect.Message, path string) error {
	token, err := d.token()
	if err != nil {
		return err
	}
	return d.object(m, path, token)
}

// object reads an object whose first token has been read.
func (d *decoder) object(m protoreflect.Message, path string, token json.Token) error {
	return d.members(token, path, func(name string) error {
		f := m.Descriptor().Fields().ByName(protoreflect.Name(name))
		if f == nil {
			return corpus.Invalid(below(path, fmt.Sprintf("%.80s", name)), unknownField(m.Descriptor(), name))
		}
		path := below(path, name)
		if held := heldOneof(m, f); held != "" {
			return corpus.Invalid(path, fmt.Sprintf("must not be set beside %s", held))
		}
		return d.field(m, f, path)
	})
}

// heldOneof names another field of f's oneof that is set.
func heldOneof(m protoreflect.Message, f protoreflect.FieldDescriptor) string {
	one := f.ContainingOneof()
	if one == nil || one.IsSynthetic() {
		return ""
	}
	if held := m.WhichOneof(one); held != nil && held != f {
		return string(held.Name())
	}
	return ""
}

// members reads an object and calls do for each name; do reads the value.
func (d *decoder) members(token json.Token, path string, do func(name string) error) error {
	if token != json.Delim('{') {
		return corpus.Invalid(named(path), "must be an object, is "+kindOf(token))
	}
	if d.depth++; d.depth > maxDepth {
		return tooDeep()
	}
	seen := map[string]bool{}
	for d.json.More() {
		token, err := d.token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		if seen[name] {
			return corpus.Invalid(below(path, name), "is written twice")
		}
		seen[name] = true
		if err := do(name); err != nil {
			return err
		}
	}
	d.depth--
	_, err := d.token()
	return err
}

func (d *decoder) field(m protoreflect.Message, f protoreflect.FieldDescriptor, path string) error {
	token, err := d.token()
	if err != nil || token == nil { // null is unset
		return err
	}
	switch {
	case f.IsMap():
		return d.mapping(m.Mutable(f).Map(), f, path, token)
	case f.IsList():
		return d.list(m.Mutable(f).List(), f, path, token)
	}
	v, err := d.single(f, path, token, func() protoreflect.Value { return m.NewField(f) })
	if err != nil {
		return err
	}
	m.Set(f, v)
	return nil
}

func (d *decoder) list(list protoreflect.List, f protoreflect.FieldDescriptor, path string, token json.Token) error {
	if token != json.Delim('[') {
		return corpus.Invalid(path, "must be a list, is "+kindOf(token))
	}
	if d.depth++; d.depth > maxDepth {
		return tooDeep()
	}
	for d.json.More() {
		path := fmt.Sprintf("%s[%d]", path, list.Len())
		token, err := d.token()
		if err != nil {
			return err
		}
		v, err := d.single(f, path, token, list.NewElement)
		if err != nil {
			return err
		}
		list.Append(v)
	}
	d.depth--
	_, err := d.token()
	return err
}

// mapping reads an object whose keys are the caller's. A key whose value is null is
// left out.
func (d *decoder) mapping(m protoreflect.Map, f protoreflect.FieldDescriptor, path string, token json.Token) error {
	return d.members(token, path, func(name string) error {
		path := below(path, fmt.Sprintf("%.80s", name))
		if f.MapKey().Kind() != protoreflect.StringKind {
			return corpus.Invalid(path, "has a key that is no string")
		}
		token, err := d.token()
		if err != nil || token == nil {
			return err
		}
		v, err := d.single(f.MapValue(), path, token, m.NewValue)
		if err != nil {
			return err
		}
		m.Set(protoreflect.ValueOfString(name).MapKey(), v)
		return nil
	})
}

// single reads one value whose first token has been read.
func (d *decoder) single(f protoreflect.FieldDescriptor, path string, token json.Token, empty func() protoreflect.Value) (protoreflect.Value, error) {
	var none protoreflect.Value
	if f.Message() != nil {
		v := empty()
		if wellKnown(f.Message()) {
			return v, d.wellKnown(v.Message(), path, token)
		}
		return v, d.object(v.Message(), path, token)
	}
	v, problem := scalar(f, token)
	if problem != "" {
		return none, corpus.Invalid(path, problem)
	}
	return v, nil
}

// scalar reads a value that is no message. The problem is "" or says what is wrong.
func scalar(f protoreflect.FieldDescriptor, token json.Token) (v protoreflect.Value, problem string) {
	text, isText := token.(string)
	number, isNumber := token.(json.Number)
	switch f.Kind() {
	case protoreflect.StringKind:
		if isText {
			return protoreflect.ValueOfString(text), ""
		}
		return v, "must be a string, is " + kindOf(token)
	case protoreflect.BoolKind:
		if b, is := token.(bool); is {
			return protoreflect.ValueOfBool(b), ""
		}
		return v, "must be true or false, is " + kindOf(token)
	case protoreflect.BytesKind:
		b, err := base64.StdEncoding.DecodeString(text)
		if isText && err == nil {
			return protoreflect.ValueOfBytes(b), ""
		}
		return v, "must be a string of base64"
	case protoreflect.EnumKind:
		return enumOf(f.Enum(), token)
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		if !isNumber {
			return v, "must be a number, is " + kindOf(token)
		}
		return floatOf(f.Kind(), number.String())
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind, protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		if isText { // which other JSON forms of protobuf write
			number, isNumber = json.Number(text), true
		}
	}
	if !isNumber {
		return v, "must be a whole number, is " + kindOf(token)
	}
	return integerOf(f.Kind(), number.String())
}

func floatOf(kind protoreflect.Kind, written string) (v protoreflect.Value, problem string) {
	bits := 64
	if kind == protoreflect.FloatKind {
		bits = 32
	}
	x, err := strconv.ParseFloat(written, bits)
	if err != nil {
		return v, "is too large for a number of " + strconv.Itoa(bits) + " bits"
	}
	if bits == 32 {
		return protoreflect.ValueOfFloat32(float32(x)), ""
	}
	return protoreflect.ValueOfFloat64(x), ""
}

func integerOf(kind protoreflect.Kind, written string) (v protoreflect.Value, problem string) {
	// 5.0 and 1e3 are whole numbers too.
	if x, err := strconv.ParseFloat(written, 64); err == nil && strings.ContainsAny(written, ".eE") && x == math.Trunc(x) && math.Abs(x) <= corpus.MaxExact {
		written = strconv.FormatFloat(x, 'f', 0, 64)
	}
	refused := func(low, high string) string {
		return fmt.Sprintf("must be a whole number from %s to %s, is %.40s", low, high, written)
	}
	switch kind {
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		n, err := strconv.ParseInt(written, 10, 32)
		if err != nil {
			return v, refused(strconv.Itoa(math.MinInt32), strconv.Itoa(math.MaxInt32))
		}
		return protoreflect.ValueOfInt32(int32(n)), ""
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		n, err := strconv.ParseUint(written, 10, 32)
		if err != nil {
			return v, refused("0", strconv.FormatUint(math.MaxUint32, 10))
		}
		return protoreflect.ValueOfUint32(uint32(n)), ""
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		n, err := strconv.ParseUint(written, 10, 64)
		if err != nil {
			return v, refused("0", strconv.FormatUint(math.MaxUint64, 10))
		}
		return protoreflect.ValueOfUint64(n), ""
	}
	n, err := strconv.ParseInt(written, 10, 64)
	if err != nil {
		return v, refused(strconv.FormatInt(math.MinInt64, 10), strconv.FormatInt(math.MaxInt64, 10))
	}
	return protoreflect.ValueOfInt64(n), ""
}

// enumOf reads a name in any case, with or without its prefix, or a known number.
func enumOf(d protoreflect.EnumDescriptor, token json.Token) (v protoreflect.Value, problem string) {
	values := d.Values()
	var names []string
	for i := range values.Len() {
		value := values.Get(i)
		names = append(names, enumName(value))
		switch token := token.(type) {
		case string:
			if strings.EqualFold(token, enumName(value)) || strings.EqualFold(token, string(value.Name())) {
				return protoreflect.ValueOfEnum(value.Number()), ""
			}
		case json.Number:
			if token.String() == strconv.Itoa(int(value.Number())) {
				return protoreflect.ValueOfEnum(value.Number()), ""
			}
		}
	}
	got := kindOf(token)
	if text, is := token.(string); is {
		got = fmt.Sprintf("%.40q", text)
		if near := nearest(strings.ToUpper(text), names); near != "" {
			got += "; did you mean " + near + "?"
		}
	}
	return v, fmt.Sprintf("must be one of %s, is %s", strings.Join(names, ", "), got)
}

// wellKnown reads a message whose JSON form is protobuf's own.
func (d *decoder) wellKnown(m protoreflect.Message, path string, token json.Token) error {
	if m.Descriptor().FullName() == "google.protobuf.Value" {
		return d.plain(m, path, token)
	}
	read, err := d.any(token)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(read)
	if err != nil {
		return err
	}
	about := "is not valid"
	switch m.Descriptor().FullName() {
	case "google.protobuf.Timestamp":
		about = `must be a time of RFC 3339, such as "2024-05-01T12:30:00Z", or a date`
		if text, is := token.(string); is && len(text) == len("2024-05-01") {
			raw = []byte(`"` + text + `T00:00:00Z"`)
		}
	case "google.protobuf.Duration":
		about = `must be a duration in seconds, such as "1.5s"`
	}
	if err := protojson.Unmarshal(raw, m.Interface()); err != nil {
		return corpus.Invalid(path, about)
	}
	return nil
}

// any reads a whole value whose first token has been read.
func (d *decoder) any(token json.Token) (any, error) {
	switch token {
	case json.Delim('{'):
		object := map[string]any{}
		return object, d.members(token, "", func(name string) error {
			token, err := d.token()
			if err == nil {
				object[name], err = d.any(token)
			}
			return err
		})
	case json.Delim('['):
		if d.depth++; d.depth > maxDepth {
			return nil, tooDeep()
		}
		list := []any{}
		for d.json.More() {
			token, err := d.token()
			if err != nil {
				return nil, err
			}
			item, err := d.any(token)
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		d.depth--
		_, err := d.token()
		return list, err
	}
	return token, nil
}

func tooDeep() error {
	return corpus.Invalid("request", fmt.Sprintf("is nested deeper than %d levels", maxDepth))
}

// plain reads a metadata value.
func (d *decoder) plain(m protoreflect.Message, path string, token json.Token) error {
	var read any = token
	switch token {
	case json.Delim('{'):
		return corpus.Invalid(path, "must be a string, a number, a boolean or a list of strings, is an object")
	case json.Delim('['):
		items := []any{}
		for d.json.More() {
			token, err := d.token()
			if err != nil {
				return err
			}
			if _, nested := token.(json.Delim); nested {
				return corpus.Invalid(path, fmt.Sprintf("must be a list of strings; item %d is %s", len(items), kindOf(token)))
			}
			items = append(items, token)
		}
		if _, err := d.token(); err != nil {
			return err
		}
		read = items
	}
	v, problem := corpus.ParseValue(read)
	if problem != "" {
		return corpus.Invalid(path, problem)
	}
	proto.Merge(m.Interface(), value.To(v))
	return nil
}

func kindOf(token json.Token) string {
	switch token := token.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case string:
		return "a string"
	case json.Delim:
		if token == '[' {
			return "a list"
		}
		return "an object"
	}
	return "a number"
}

func unknownField(d protoreflect.MessageDescriptor, name string) string {
	var names []string
	for i := range d.Fields().Len() {
		names = append(names, string(d.Fields().Get(i).Name()))
	}
	if near := nearest(name, names); near != "" {
		return "is unknown; did you mean " + near + "?"
	}
	slices.Sort(names)
	return "is unknown; the fields are " + strings.Join(names, ", ")
}
