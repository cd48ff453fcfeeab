package wirejson

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"dalil/corpus"
)

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
		if near := corpus.NearestName(strings.ToUpper(text), names); near != "" {
			got += "; did you mean " + near + "?"
		}
	}
	return v, fmt.Sprintf("must be one of %s, is %s", strings.Join(names, ", "), got)
}
