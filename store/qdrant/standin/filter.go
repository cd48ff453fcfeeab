package standin

import (
	"slices"
	"strings"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// matches reports whether a filter keeps a point; nil keeps all.
func matches(f *sdk.Filter, one *point) (bool, error) {
	for _, c := range f.GetMust() {
		if ok, err := holds(c, one); err != nil || !ok {
			return false, err
		}
	}
	for _, c := range f.GetMustNot() {
		if ok, err := holds(c, one); err != nil || ok {
			return false, err
		}
	}
	if f.GetMinShould() != nil {
		return false, unknown("min_should")
	}
	if len(f.GetShould()) == 0 {
		return true, nil
	}
	for _, c := range f.GetShould() {
		if ok, err := holds(c, one); err != nil || ok {
			return ok, err
		}
	}
	return false, nil
}

func holds(c *sdk.Condition, one *point) (bool, error) {
	switch c := c.GetConditionOneOf().(type) {
	case *sdk.Condition_Filter:
		return matches(c.Filter, one)
	case *sdk.Condition_HasId:
		return slices.ContainsFunc(c.HasId.GetHasId(), func(id *sdk.PointId) bool { return key(id) == one.id }), nil
	case *sdk.Condition_IsEmpty:
		return !slices.ContainsFunc(values(one.payload, c.IsEmpty.GetKey()), func(v *sdk.Value) bool {
			_, null := v.GetKind().(*sdk.Value_NullValue)
			return !null
		}), nil
	case *sdk.Condition_Field:
		return field(c.Field, one)
	}
	return false, unknown("this condition")
}

func field(f *sdk.FieldCondition, one *point) (bool, error) {
	held := values(one.payload, f.GetKey())
	switch {
	case f.GetMatch() != nil:
		if m, is := f.GetMatch().GetMatchValue().(*sdk.Match_Integer); is {
			return slices.ContainsFunc(held, func(v *sdk.Value) bool {
				n, is := v.GetKind().(*sdk.Value_IntegerValue)
				return is && n.IntegerValue == m.Integer
			}), nil
		}
		var wanted []string
		switch m := f.GetMatch().GetMatchValue().(type) {
		case *sdk.Match_Keyword:
			wanted = []string{m.Keyword}
		case *sdk.Match_Keywords:
			wanted = m.Keywords.GetStrings()
		case *sdk.Match_Text: // without an index, as a substring
			return slices.ContainsFunc(held, func(v *sdk.Value) bool { return strings.Contains(v.GetStringValue(), m.Text) }), nil
		default:
			return false, unknown("this match")
		}
		return slices.ContainsFunc(held, func(v *sdk.Value) bool {
			s, ok := v.GetKind().(*sdk.Value_StringValue)
			return ok && slices.Contains(wanted, s.StringValue)
		}), nil
	case f.GetRange() != nil:
		return slices.ContainsFunc(held, func(v *sdk.Value) bool { return within(f.GetRange(), v) }), nil
	case f.GetDatetimeRange() != nil:
		return slices.ContainsFunc(held, func(v *sdk.Value) bool { return during(f.GetDatetimeRange(), v) }), nil
	}
	return false, unknown("this condition on a field")
}

func within(r *sdk.Range, v *sdk.Value) bool {
	var x float64
	switch k := v.GetKind().(type) {
	case *sdk.Value_IntegerValue:
		x = float64(k.IntegerValue)
	case *sdk.Value_DoubleValue:
		x = k.DoubleValue
	default:
		return false
	}
	return (r.Lt == nil || x < *r.Lt) && (r.Lte == nil || x <= *r.Lte) && (r.Gt == nil || x > *r.Gt) && (r.Gte == nil || x >= *r.Gte)
}

// during compares to the microsecond, as the index of a real server does.
func during(r *sdk.DatetimeRange, v *sdk.Value) bool {
	t, err := time.Parse(time.RFC3339Nano, v.GetStringValue())
	if err != nil {
		return false
	}
	micro := func(at *timestamppb.Timestamp) int64 { return at.GetSeconds()*1_000_000 + int64(at.GetNanos())/1000 }
	x := micro(timestamppb.New(t))
	return (r.Lt == nil || x < micro(r.Lt)) && (r.Lte == nil || x <= micro(r.Lte)) && (r.Gt == nil || x > micro(r.Gt)) && (r.Gte == nil || x >= micro(r.Gte))
}

// values are those at a path of the payload, a list's one by one.
func values(payload map[string]*sdk.Value, path string) []*sdk.Value {
	key, rest, deeper := strings.Cut(path, ".")
	v, held := payload[key]
	if !held {
		return nil
	}
	if deeper {
		return values(v.GetStructValue().GetFields(), rest)
	}
	if list, ok := v.GetKind().(*sdk.Value_ListValue); ok {
		return list.ListValue.GetValues()
	}
	return []*sdk.Value{v}
}
