package shingle_test

import (
	"strings"
	"testing"

	"dalil/searcher/shingle"
)

func TestOriginals(t *testing.T) {
	const report = "the northern railway opened its new line to the harbour on monday after two years of work and the minister praised it"
	const arabic = "افتتحت سكة الحديد الشمالية خطها الجديد إلى الميناء يوم الاثنين بعد سنتين من العمل"
	o := shingle.Named()
	for i, step := range []struct {
		text      string
		original  int
		duplicate bool
	}{
		{report, 0, false},
		{arabic, 0, false},
		{strings.ToUpper(report), 0, true},
		{"Breaking news: " + report, 0, true},
		{strings.Replace(report, "monday", "tuesday", 1), 0, true},
		{strings.ReplaceAll(strings.ReplaceAll(arabic, "إ", "ا"), "سكة", "سِكّه"), 1, true},
		{"the minister praised it after two years", 0, false}, // words of the report in another order
		{"", 0, false},
		{"", 0, false}, // nothing repeats nothing
		{"rain", 0, false},
		{"Rain!", 5, true},
	} {
		if original, duplicate := o.Meet(step.text); original != step.original || duplicate != step.duplicate {
			t.Errorf("text %d: original %d, duplicate: %v, want %d and %v", i, original, duplicate, step.original, step.duplicate)
		}
	}
	var plain shingle.Originals
	plain.Meet(report)
	if _, duplicate := plain.Meet(report + " again"); !duplicate {
		t.Error("the zero value recognises no duplicate")
	}
}
