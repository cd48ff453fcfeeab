package corpus_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"dalil/corpus"
)

func TestValuesInJSON(t *testing.T) {
	for written, want := range map[string]corpus.Value{
		`"a<é"`: corpus.String("a<é"), `""`: corpus.String(""), `5`: corpus.Number(5), `-0`: corpus.Number(0), `1.50`: corpus.Number(1.5), `1e300`: corpus.Number(1e300),
		`9007199254740992`: corpus.Number(1 << 53), `-9007199254740992`: corpus.Number(-(1 << 53)), `9007199254740994`: corpus.Number(1<<53 + 2),
		`10000000000000000000`: corpus.Number(1e19), `true`: corpus.Boolean(true), `false`: corpus.Boolean(false), `["b","a",""]`: corpus.List("b", "a", ""), `[]`: corpus.List(),
	} {
		var got corpus.Value
		if err := json.Unmarshal([]byte(written), &got); err != nil || !got.Equal(want) || got.Kind() != want.Kind() {
			t.Errorf("%s: read %v, error %v, want %v", written, got, err, want)
		}
		line, err := json.Marshal(got)
		var again corpus.Value
		if err != nil || json.Unmarshal(line, &again) != nil || !again.Equal(want) {
			t.Errorf("%s: written %s, error %v", written, line, err)
		}
	}
	for _, written := range []string{`null`, `{}`, `{"a":1}`, `[1]`, `["a",null]`, `[["a"]]`, `9007199254740993`, `-9007199254740993`, `123456789012345678901`, `1e999`} {
		var got corpus.Value
		if err := json.Unmarshal([]byte(written), &got); err == nil {
			t.Errorf("%s: read %v, want an error", written, got)
		}
	}
	if corpus.String("5").Equal(corpus.Number(5)) || corpus.Number(1).Equal(corpus.Boolean(true)) || corpus.List("a").Equal(corpus.String("a")) {
		t.Error("values of two types are equal")
	}
	if corpus.Finite(math.NaN()) || corpus.Finite(math.Inf(-1)) || !corpus.Finite(math.MaxFloat64) {
		t.Error("what is finite")
	}
}

func TestMoments(t *testing.T) {
	noon := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	for written, want := range map[string]time.Time{
		"2024-05-01T12:00:00Z": noon, "2024-05-01t12:00:00z": noon, "2024-05-01T14:00:00+02:00": noon, "2024-05-01T12:00:00-00:00": noon, "2024-05-01": noon.Add(-12 * time.Hour),
		"2024-05-01T12:00:00.5Z": noon.Add(500 * time.Millisecond), "2024-05-01T12:00:00.0000019999999Z": noon.Add(time.Microsecond),
		"0001-01-01": {}, "9999-12-31T23:59:59.999999999Z": time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC),
	} {
		if got, is := corpus.Moment(written); !is || !got.Equal(want) {
			t.Errorf("%s: %v, %v, want %v", written, got, is, want)
		}
	}
	for _, written := range []string{
		"", "2024", "2024-05", "2024-5-1", "2024-02-30", "2024-05-01 12:00:00Z", "2024-05-01T12:00:00", "2024-05-01T1:00:00Z", "2024-05-01T12:00:00,5Z",
		"2024-05-01T25:00:00Z", "2024-05-01T12:00:00+25:00", "0000-01-01", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "٢٠٢٤-٠٥-٠١", "2024-05-01Tabcdefgh",
	} {
		if got, is := corpus.Moment(written); is {
			t.Errorf("%s is taken for %v", written, got)
		}
	}
}

// The fingerprint of documents is made of their JSON, so a string must stay what it
// was before values had types.
func TestAStringIsWrittenAsAString(t *testing.T) {
	for _, s := range []string{"", "a", "<&>\u2028", "\xff", "5", "true", "\"\\\n"} {
		want, err := json.Marshal(map[string]string{"k": s})
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(map[string]corpus.Value{"k": corpus.String(s)})
		if err != nil || string(got) != string(want) {
			t.Errorf("%q: %s, error %v, want %s", s, got, err, want)
		}
	}
}
