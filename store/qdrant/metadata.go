package qdrant

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
)

// filterableMetadata adds the fields that metadata filters use: each value as a
// keyword, the keys, the numbers and times by key, and the strings for prefixes.
func filterableMetadata(metadata map[string]corpus.Value, payload map[string]*sdk.Value) {
	if len(metadata) == 0 {
		return
	}
	var pairs, keys, texts []string
	numbers, times := map[string]*sdk.Value{}, map[string]*sdk.Value{}
	for k, v := range metadata {
		keys = append(keys, k)
		switch x, decimal := v.Decimal(); {
		case v.Kind() == corpus.NumberKind:
			numbers[pathKey(k)] = rangeNumber(v.Float())
		case decimal: // JSON has no infinity
			numbers[pathKey(k)] = rangeNumber(max(-math.MaxFloat64, min(math.MaxFloat64, x)))
		}
		var moments []string
		for _, item := range v.Items() {
			pairs, texts = append(pairs, pair(k, item)), append(texts, anchored(k, item))
			if t, is := corpus.Moment(item); is {
				moments = append(moments, t.Format(time.RFC3339Nano))
			}
		}
		if keyword, is := keywordOf(k, v); is && v.Kind() != corpus.StringKind {
			pairs = append(pairs, keyword)
		}
		if len(moments) > 0 {
			times[pathKey(k)] = stringList(moments)
		}
	}
	payload[keyMetaKeys] = stringList(keys)
	if len(pairs) > 0 {
		payload[keyMetadata] = stringList(pairs)
	}
	if len(texts) > 0 {
		payload[keyTexts] = stringList(texts)
	}
	if len(numbers) > 0 {
		payload[keyNumbers] = sdk.NewValueFromFields(numbers)
	}
	if len(times) > 0 {
		payload[keyTimes] = sdk.NewValueFromFields(times)
	}
}

// keywordOf returns the keyword of a value that is not a list. In an escaped key, a
// backslash or = follows each backslash, so that a number is never mistaken for a
// string.
func keywordOf(key string, v corpus.Value) (string, bool) {
	switch v.Kind() {
	case corpus.StringKind:
		return pair(key, v.Text()), true
	case corpus.NumberKind:
		return escape.Replace(key) + `\#` + strconv.FormatFloat(v.Float(), 'g', -1, 64), true
	case corpus.BooleanKind:
		return escape.Replace(key) + `\?` + strconv.FormatBool(v.Bool()), true
	}
	return "", false
}

// pair joins a metadata key and a string. Keys are escaped, so that the first
// unescaped = ends the key.
func pair(key, value string) string {
	return escape.Replace(key) + "=" + value
}

var escape = strings.NewReplacer(`\`, `\\`, `=`, `\=`)

// anchored returns a pair that begins with the byte 1 and does not contain that byte
// elsewhere. Qdrant searches a field without a text index for a substring. So a
// substring that begins with the byte 1 is a prefix.
func anchored(key, value string) string { return "\x01" + anchor.Replace(pair(key, value)) }

var anchor = strings.NewReplacer("\x01", "\x02\x03", "\x02", "\x02\x02")

var (
	plainKey  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	hashedKey = regexp.MustCompile(`^x-[0-9a-f]{24}$`)
)

// pathKey returns a metadata key as a part of a path in the payload. A key that
// would need quoting is replaced by its hash.
func pathKey(key string) string {
	if plainKey.MatchString(key) && !hashedKey.MatchString(key) {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return "x-" + hex.EncodeToString(sum[:12])
}

func numberPath(key string) string { return keyNumbers + "." + pathKey(key) }
func timePath(key string) string   { return keyTimes + "." + pathKey(key) }

// metadataCondition translates a valid match.
func metadataCondition(m *corpus.MetadataMatch) *sdk.Condition {
	switch {
	case len(m.Values) > 0:
		keywords := make([]string, len(m.Values))
		for i, v := range m.Values {
			keywords[i], _ = keywordOf(m.Key, v)
		}
		return sdk.NewMatchKeywords(keyMetadata, keywords...)
	case m.HasRange():
		return sdk.NewRange(numberPath(m.Key), &sdk.Range{Gte: m.Min, Lte: m.Max})
	case m.Prefix != "":
		return prefixed(m)
	case m.HasPeriod():
		return during(m)
	}
	return sdk.NewMatchKeyword(keyMetaKeys, m.Key)
}

// prefixed also finds points of versions that did not write anchored strings. For
// those, a value may match in which the key and the prefix follow other text.
func prefixed(m *corpus.MetadataMatch) *sdk.Condition {
	return sdk.NewFilterAsCondition(should(
		sdk.NewMatchText(keyTexts, anchored(m.Key, m.Prefix)),
		sdk.NewFilterAsCondition(must(
			sdk.NewIsEmpty(keyTexts),
			sdk.NewMatchKeyword(keyMetaKeys, m.Key),
			sdk.NewMatchText(keyMetadata, pair(m.Key, m.Prefix)),
		)),
	))
}

func during(m *corpus.MetadataMatch) *sdk.Condition {
	at := &sdk.DatetimeRange{}
	switch from := m.From; {
	case from.IsZero():
	case from.After(latest):
		return nothing()
	default:
		at.Gte = micros(from)
	}
	switch until := m.Until; {
	case until.IsZero() || until.After(latest):
	case !until.After(earliest):
		return nothing()
	default:
		at.Lt = micros(until)
	}
	if at.Gte == nil && at.Lt == nil {
		at.Gte = micros(earliest)
	}
	return sdk.NewDatetimeRange(timePath(m.Key), at)
}

// metadataOf reads the metadata of a manifest. A manifest of an earlier version has
// only strings, which may have been numbers.
func metadataOf(payload map[string]*sdk.Value) map[string]corpus.Value {
	fields := payload[keyMetaMap].GetStructValue().GetFields()
	if len(fields) == 0 {
		return nil
	}
	typed := payload[keyTyped].GetBoolValue()
	metadata := make(map[string]corpus.Value, len(fields))
	for k, v := range fields {
		switch kind := v.GetKind().(type) {
		case *sdk.Value_DoubleValue:
			metadata[k] = corpus.Number(kind.DoubleValue)
		case *sdk.Value_IntegerValue:
			metadata[k] = corpus.Number(float64(kind.IntegerValue))
		case *sdk.Value_StructValue:
			if x, err := strconv.ParseFloat(kind.StructValue.GetFields()[decimalField].GetStringValue(), 64); err == nil {
				metadata[k] = corpus.Number(x)
			}
		case *sdk.Value_BoolValue:
			metadata[k] = corpus.Boolean(kind.BoolValue)
		case *sdk.Value_ListValue:
			metadata[k] = corpus.List(texts(v)...)
		default:
			if typed {
				metadata[k] = corpus.String(v.GetStringValue())
			} else {
				metadata[k] = corpus.Untyped(v.GetStringValue())
			}
		}
	}
	return metadata
}

// metadataMap returns the payload that metadataOf reads. Untyped strings stay
// untyped.
func metadataMap(metadata map[string]corpus.Value, payload map[string]*sdk.Value) {
	if len(metadata) == 0 {
		return
	}
	fields := make(map[string]*sdk.Value, len(metadata))
	typed := true
	for k, v := range metadata {
		switch v.Kind() {
		case corpus.NumberKind:
			fields[k] = exactNumber(v.Float())
		case corpus.BooleanKind:
			fields[k] = sdk.NewValueBool(v.Bool())
		case corpus.ListKind:
			fields[k] = stringList(v.Items())
		default:
			fields[k] = sdk.NewValueString(v.Text())
			typed = typed && !v.IsUntyped()
		}
	}
	payload[keyMetaMap], payload[keyTyped] = sdk.NewValueFromFields(fields), sdk.NewValueBool(typed)
}

// decimalField has the digits of a number that is not whole.
const decimalField = "decimal"

// exactNumber returns the payload of a number that comes back as it was. Qdrant stores
// payloads as JSON, and reads a number with many digits back with another last digit, but
// not if it is whole. So others are strings in an object.
func exactNumber(x float64) *sdk.Value {
	if whole(x) {
		return sdk.NewValueInt(int64(x))
	}
	return sdk.NewValueFromFields(map[string]*sdk.Value{decimalField: sdk.NewValueString(strconv.FormatFloat(x, 'g', -1, 64))})
}

// rangeNumber returns the payload of a number for filters with a range. A number of 16 or
// more digits that is not whole may differ in the last of them.
func rangeNumber(x float64) *sdk.Value {
	if whole(x) {
		return sdk.NewValueInt(int64(x))
	}
	return sdk.NewValueDouble(x)
}

func whole(x float64) bool { return x == math.Trunc(x) && math.Abs(x) < 1<<63 }
